import { expect, test } from 'vitest';
import { bucketOf } from '../../model/histogram.ts';
import { JudgedTimes, judge } from './judged-times.ts';
import { TimeSum } from './sums/time-sum.ts';

function timesOf(count: number, ms: number): TimeSum {
  const times = new TimeSum('all');
  times.effects = count;
  times.histogram.add(bucketOf(ms * 1000), count);
  return times;
}

function judged(...parts: readonly (readonly [count: number, ms: number, objectiveMs: number])[]): JudgedTimes {
  const all = new JudgedTimes();
  for (const [count, ms, objectiveMs] of parts) all.add(timesOf(count, ms), objectiveMs);
  return all;
}

test('a p95 is slow when it is over its objective by more than it may be off, and of too few is neither', () => {
  expect(judge(timesOf(20, 400), 300)).toBe('slow');
  expect(judge(timesOf(20, 400), 400)).toBe('met');
  expect(judge(timesOf(20, 400), 500)).toBe('met');
  expect(judge(timesOf(19, 400), 300)).toBe('too few');
  expect(judge(timesOf(0, 400), 300)).toBe('too few');
});

test('hops of a slow kind that may be are not held against the others, nor hidden by them', () => {
  expect(judged([30, 4000, 5000], [1000, 50, 100]).slow).toBe(false);
  expect(judged([30, 4000, 100], [1000, 50, 5000]).slow).toBe(true);
  expect(judged([30, 4000, 100], [1000, 50, 100]).slow).toBe(false);
});

test('all together are what was added, whatever each is held to', () => {
  expect(judged([30, 4000, 5000], [70, 50, 100], [10, 50, 100]).total()).toMatchObject({ effects: 110 });
  expect(judged([30, 4000, 5000], [70, 50, 100]).total().histogram.total).toBe(100);
  expect(judged([5, 50, 100]).total().effects).toBe(5);
  expect(judged().total().effects).toBe(0);
});
