import { expect, test } from 'vitest';
import { logScale, tickLabels } from './log-scale.ts';

test('the axis is whole decades around all that is drawn on it', () => {
  const scale = logScale([12, 184, 62_000, null]);
  expect([scale.fromMs, scale.toMs]).toEqual([10, 100_000]);
  expect(scale.at(10)).toBe(0);
  expect(scale.at(1000)).toBeCloseTo(0.5);
  expect(scale.at(100_000)).toBe(1);
});

test('exact powers of ten are ends, and two decades are the least', () => {
  const scale = logScale([100, 100]);
  expect([scale.fromMs, scale.toMs]).toEqual([100, 10_000]);
  expect(logScale([1000, 10_000_000]).toMs).toBe(10_000_000);
});

test('without any time there still is an axis', () => {
  const scale = logScale([null, 0, Number.NaN]);
  expect(scale.fromMs).toBe(10);
  expect(scale.ticks.length).toBeGreaterThan(1);
});

test('nothing is drawn beyond the ends', () => {
  const scale = logScale([10, 1000]);
  expect(scale.at(0)).toBe(0);
  expect(scale.at(1e9)).toBe(1);
});

test('at most six labels, evenly apart, the unit where it changes', () => {
  const { ticks } = logScale([0.01, 1e7]);
  expect(ticks.length).toBeLessThanOrEqual(6);
  expect(tickLabels(logScale([10, 100_000]).ticks)).toEqual(['10 ms', '100', '1 s', '10', '100']);
  expect(tickLabels([{ ms: 0.1 }, { ms: 1 }])).toEqual(['0.1 ms', '1']);
});
