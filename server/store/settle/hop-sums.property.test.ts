import fc from 'fast-check';
import { expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { TIERS } from '../tiers.ts';
import type { HopRow } from './hop-row.ts';
import { type SumChange, sumChanges, widerChanges } from './hop-sums.ts';

const row = fc
  .record({
    seriesId: fc.integer({ min: 1, max: 2 }),
    minute: fc.integer({ min: 0, max: 3000 }).map((minute) => micros(minute * 60_000_000)),
    hopUs: fc.option(fc.integer({ min: -5, max: 20_000 })),
    flags: fc.integer({ min: 0, max: 3 }),
    ordinal: fc.integer({ min: 0, max: 1 }),
    trace: fc.integer({ min: 0, max: 9 }),
  })
  .map(
    ({ trace, ...more }): HopRow => ({
      ...{ storedDay: '2026-01-01', traceKey: `trace-${trace}`, incarnationId: 1, partition: 0, offset: 0n },
      ...{ evidence: 1, cause: null, topologyVersion: 1, sealed: false, ...more },
    }),
  );

const told = (changes: readonly SumChange[]) =>
  changes
    .map(({ histogram, gone, ...change }) => ({
      ...change,
      histogram: [...histogram].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b),
      gone: [...(gone ?? [])].sort(),
    }))
    .sort((a, b) => a.bucket - b.bucket || a.seriesId - b.seriesId);

test('what changes in wider sums is the same by finer ones as by the rows, and leaves the finer ones as they were', () => {
  const rows = fc.array(row, { maxLength: 30 });
  fc.assert(
    fc.property(rows, rows, (removed, added) => {
      let changed = sumChanges({ removed, added }, TIERS[0]);
      for (const tier of TIERS.slice(1)) {
        const before = structuredClone(told(changed));
        const wider = widerChanges(changed, tier);
        expect(told(wider)).toEqual(told(sumChanges({ removed, added }, tier)));
        expect(told(changed)).toEqual(before);
        changed = wider;
      }
    }),
  );
});
