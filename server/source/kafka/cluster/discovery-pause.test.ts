import { expect, test } from 'vitest';
import { discoveryPause } from './discovery-pause.ts';

const pauseAfter = (tookMs: number, changed = false, mostMs = 5_000) => discoveryPause({ tookMs, changed, mostMs });

test('a small cluster is looked at every second', () => {
  expect([0, 12, 50].map((tookMs) => pauseAfter(tookMs))).toEqual([1_000, 1_000, 1_000]);
});

test('a large one takes a twentieth of the time, until the longest pause', () => {
  expect([100, 200, 264, 5_000].map((tookMs) => pauseAfter(tookMs))).toEqual([1_900, 3_800, 5_000, 5_000]);
});

test('after news the rest is the longest: a burst of topics is shared out together', () => {
  expect(pauseAfter(10, true)).toBe(5_000);
});

test('who asks for less than the least gets it', () => {
  expect(pauseAfter(10, false, 300)).toBe(300);
});
