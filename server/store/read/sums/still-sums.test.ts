import { expect, test } from 'vitest';
import { micros } from '../../../model/time.ts';
import type { SeriesSum, SumBucket } from './read-sums.ts';
import { StillSums, splitBuckets } from './still-sums.ts';

const list = (): readonly SeriesSum[] => [];
const still = (at: number): SumBucket => ({ at: micros(at), isStill: true, parts: [list()] });
const open = (at: number, shards = 2): SumBucket => ({
  at: micros(at),
  isStill: false,
  parts: Array.from({ length: shards }, list),
});

test('an hour that goes on is not still, however few of its shards have sums yet', () => {
  for (const shards of [0, 1, 4]) expect(splitBuckets([still(0), open(1, shards)]).still).toHaveLength(1);
});

test('buckets are still up to the first that is not', () => {
  const buckets = [still(0), still(1), open(2), still(3)];
  expect(splitBuckets(buckets)).toEqual({ still: buckets.slice(0, 2), rest: buckets.slice(2) });
  expect(splitBuckets(buckets.slice(0, 2))).toEqual({ still: buckets.slice(0, 2), rest: [] });
  expect(splitBuckets([])).toEqual({ still: [], rest: [] });
});

test('they are cut between points, never within one', () => {
  const buckets = [still(0), still(1), still(2), still(3), open(4)];
  const begins = (every: number) => (at: number) => at % every === 0;
  expect(splitBuckets(buckets, begins(3)).still).toEqual(buckets.slice(0, 3));
  expect(splitBuckets(buckets, begins(5)).still).toEqual([]);
});

test('what was made is kept as long as the lists are the very same', () => {
  const sums = new StillSums<number>();
  let made = 0;
  const make = () => ++made;
  const [a, b] = [still(0), still(1)];
  const ask = (question: string, buckets: readonly SumBucket[]) => sums.of(question, buckets, make);
  expect([ask('q', [a, b]), ask('q', [a, b]), ask('q', [a]), ask('q', [still(0)]), ask('r', [a])]).toEqual([
    1, 1, 2, 3, 4,
  ]);
});
