import { expect, test } from 'vitest';
import { timeScale } from './time-scale.ts';

test('without a long wait time is drawn true', () => {
  const scale = timeScale([0, 300, 600, 1000], 500, false);
  expect(scale.folds).toEqual([]);
  expect([0, 300, 1000].map(scale.x)).toEqual([0, 150, 500]);
});

test('a wait longer than 40 % becomes a strip and the rest gets its room', () => {
  const scale = timeScale([0, 500, 1000, 601_000], 556, false);
  expect(scale.folds).toEqual([{ fromMs: 1000, toMs: 601_000, x0: 500, x1: 556 }]);
  expect([0, 500, 1000, 601_000].map(scale.x)).toEqual([0, 250, 500, 556]);
  expect(scale.x(301_000)).toBe(528);
  expect(timeScale([0, 500, 1000, 601_000], 601, true).folds).toEqual([]);
});

test('nothing is folded where it would leave nothing to magnify', () => {
  expect(timeScale([0, 1000], 500, false).folds).toEqual([]);
  expect(timeScale([0, 450, 1000], 500, false).folds).toEqual([]);
});

test('ticks are round, in order and never inside a strip', () => {
  const scale = timeScale([0, 500, 1000, 601_000], 556, false);
  expect(scale.ticks.map((tick) => tick.ms)).toEqual([0, 200, 400, 600, 800]);
  expect(timeScale([0, 4160], 484, false).ticks.map((tick) => tick.ms)).toEqual([0, 1000, 2000, 3000, 4000]);
});

test('moments a millisecond apart, 250,000 years after the start, have an end to their ticks', () => {
  const scale = timeScale([0, 8e15, 8e15 + 1], 444, false);
  expect(scale.ticks.map((tick) => tick.ms)).toEqual([0]);
  expect([0, 8e15, 8e15 + 1].map(scale.x)).toEqual([0, 56, 444]);
});

test('a single moment, and moments before the start under clock skew, have a place', () => {
  expect(timeScale([0], 500, false).x(0)).toBe(0);
  const skewed = timeScale([-100, 0, 900], 500, true);
  expect([-100, 0, 900].map(skewed.x)).toEqual([0, 50, 500]);
});
