import { describe, expect, test } from 'vitest';
import { type DeclaredFlow, STEP_WITHIN_MS } from '../../model/flow.ts';
import { toSummary } from './trace-summary.ts';

const NOW_MS = 1_800_000_000_000;

const flow = (name: string, steps: readonly string[], end: string): DeclaredFlow => ({
  ...{ name, startsWith: 'asked', endsWith: [end] },
  steps: steps.map((eventType) => ({ eventType, withinMs: STEP_WITHIN_MS, service: null, group: null })),
});
const CARD = flow('Card', ['asked', 'card.charged', 'paid'], 'paid');
const INVOICE = flow('Invoice', ['invoice.sent', 'invoice.signed', 'invoice.due', 'settled'], 'settled');

function summaryOf(types: readonly string[], flows: readonly DeclaredFlow[]) {
  const us = String(NOW_MS * 1000);
  const row = {
    ...{ trace_key: '00000000-0000-0000-0000-000000000001', id_kind: 1, id_text: 'c-1', id_length: 3 },
    ...{ started_us: us, ended_us: us, settled_us: us, first_day: '2027-01-15', last_day: '2027-01-15' },
    ...{ event_count: types.length, duplicate_count: 0, violation_count: 0, dead_letter_count: 0, expired_count: 0 },
    ...{ root_type: types[0] ?? '', event_types: types, services: [], topics: [], episode_types: null },
    ...{ failed_type: null, episode_dead_letter: false, stalled: false, tap_behind: false },
  };
  return toSummary(row, { flows, nowMs: NOW_MS, episodeGapMs: 60_000, fieldNames: [] });
}

describe('of flows that begin alike', () => {
  test.each([
    ['the one that it has ended', ['asked', 'invoice.sent', 'settled'], 'Invoice', 'done'],
    ['the one that it has ended, however far it has gone in another', ['asked', 'invoice.due', 'paid'], 'Card', 'done'],
    [
      'the one that it has gone furthest in, where it has ended none',
      ['asked', 'card.charged', 'invoice.due'],
      'Invoice',
      'running',
    ],
  ] as const)('a trace is in %s', (_name, types, name, status) => {
    for (const flows of [
      [CARD, INVOICE],
      [INVOICE, CARD],
    ]) {
      expect(summaryOf(types, flows)).toMatchObject({ flow: name, status });
    }
  });

  test('a trace that may still be in any is told to be in the first', () => {
    expect(summaryOf(['asked'], [CARD, INVOICE]).flow).toBe('Card');
    expect(summaryOf(['asked'], [INVOICE, CARD]).flow).toBe('Invoice');
    expect(summaryOf(['never'], [CARD, INVOICE]).flow).toBe(null);
  });
});
