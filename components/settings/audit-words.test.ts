import { describe, expect, it } from 'vitest';
import type { AuditWire } from '@/server/model/audit-wire.ts';
import { auditVerdict, recounted } from './audit-words.ts';

const audit: AuditWire = {
  ...{ began_at: '2026-03-01T12:00:00Z', ended_at: '2026-03-01T12:00:01Z', minutes: 3, passed_over: 1, traces: 1_200 },
  ...{ sums: 40, segments: 1, records: 128, differences: [] },
};

describe('what audits say', () => {
  it('all is well only where something was looked at', () => {
    expect(auditVerdict([audit]).mark).toBe('done');
    expect(auditVerdict([]).mark).toBe('unknown');
    expect(auditVerdict([{ ...audit, minutes: 0, segments: 0 }]).mark).toBe('unknown');
  });

  it('a difference is never drowned by audits that found none', () => {
    const found = { ...audit, differences: [{ at: 'minute x', what: 'effects is 3, the events give 2.' }] };
    expect(auditVerdict([audit, found])).toEqual({
      mark: 'stalled',
      text: '1 difference between what is stored and what is shown',
    });
  });

  it('counts are written out', () => {
    expect(recounted(audit)).toBe('3 minutes of 1,200 traces, 1 segment of 128 records');
  });
});
