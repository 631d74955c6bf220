import { expect, test } from 'vitest';
import { answerWith, rowWith } from './latency.test-support.ts';
import {
  evidenceWords,
  footnotes,
  latencyVerdict,
  measuredShare,
  percentile,
  percentileRange,
} from './latency-words.ts';

const SLOW = rowWith({ objective: 'slow' });
const NONE = rowWith({ objective: 'none', objective_ms: null });
const FEW = rowWith({ objective: 'too few', measured: 3, p95_ms: null, p99_ms: null });

test('the verdict counts those that miss their objective', () => {
  expect(latencyVerdict(answerWith([SLOW, rowWith()]))).toEqual({
    mark: 'slow',
    sentence: '1 of 2 event types misses its objective',
  });
  expect(latencyVerdict(answerWith([SLOW, SLOW, rowWith(), FEW])).sentence).toBe(
    '2 of 4 event types miss their objective; 1 has too few to say',
  );
});

test('the verdict does not call well what it cannot judge', () => {
  expect(latencyVerdict(answerWith([FEW]))).toEqual({
    mark: 'unknown',
    sentence: 'Too few hops to say: none of 1 event type has 20',
  });
  expect(latencyVerdict(answerWith([rowWith(), FEW])).sentence).toBe(
    'The one event type meets its objective; 1 has too few to say',
  );
  expect(latencyVerdict(answerWith([rowWith(), rowWith()], { group: 'service' })).sentence).toBe(
    'All 2 services meet their objective',
  );
});

test('the verdict never counts what has no objective as met', () => {
  const sentence = (...rows: Parameters<typeof answerWith>[0]) =>
    latencyVerdict(answerWith(rows, { subject: 'flow' })).sentence;
  expect(latencyVerdict(answerWith([NONE, NONE], { subject: 'flow' }))).toEqual({
    mark: 'unknown',
    sentence: 'No objective is declared for these 2 event types',
  });
  expect(sentence(NONE)).toBe('No objective is declared for the 1 event type');
  expect(sentence(rowWith(), NONE, NONE)).toBe('The one event type with an objective meets it; 2 have no objective');
  expect(sentence(rowWith(), rowWith(), NONE)).toBe('All 2 event types with an objective meet it; 1 has no objective');
  expect(sentence(SLOW, rowWith(), FEW, NONE)).toBe(
    '1 of 4 event types misses its objective; 1 has too few to say, 1 has no objective',
  );
  expect(sentence(FEW, NONE)).toBe('Too few flows to say: none of 1 event type has 20; 1 has no objective');
});

test('footnotes are only those that say something', () => {
  const none = { roots: 0, clock_skew: 0, across_gap: 0 };
  expect(footnotes(answerWith([rowWith({ left_out: none, error_bound: null })]))).toEqual([]);
  const lower = { stored_share: 0.9, holes: 1, lower_bound: true };
  expect(footnotes(answerWith([rowWith(), rowWith()], { coverage: lower })).map(({ count }) => count)).toEqual([
    '±2.17 %',
    '≥ 4',
    '≥ 2',
    '≥ 10',
  ]);
});

test('a percentile of too few is said, and one is told as the range it lies in', () => {
  expect(percentile(null)).toBe('too few');
  expect(percentileRange(412, 0.0217)).toBe('403 – 421 ms');
  expect(percentileRange(990, 0.0217)).toBe('969 ms – 1.01 s');
  expect(percentileRange(null, 0.0217)).toBe('too few');
  expect(percentileRange(412, null)).toBe('412 ms');
});

test('what percentiles are of is said when it is not all that have a cause', () => {
  expect(
    measuredShare(rowWith({ count: 100, measured: 95, left_out: { roots: 5, clock_skew: 0, across_gap: 0 } })),
  ).toBe(null);
  expect(
    measuredShare(rowWith({ count: 100, measured: 90, left_out: { roots: 0, clock_skew: 10, across_gap: 0 } })),
  ).toBe('from 90.0 % of them');
  expect(evidenceWords(rowWith({ inferred_share: 0.1 }))).toBe('10.0 % of causes inferred');
});
