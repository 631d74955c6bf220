import { expect, test } from 'vitest';
import { chartPoints, timeTicks, valueTicks } from './chart-points.ts';
import { FROM, pointAt, TO } from './latency.test-support.ts';

const STEPS = { fromMs: Date.parse(FROM), toMs: Date.parse(TO), stepMs: 60_000, bound: 0.02 };

test('a step without a point is a gap, and one with too few has no p95', () => {
  const points = chartPoints([pointAt(0, 100), pointAt(2, null)], STEPS);
  expect(points).toHaveLength(60);
  expect(points.slice(0, 4).map(({ p95 }) => p95)).toEqual([100, null, null, null]);
  expect(points.slice(0, 3).map(({ p50 }) => p50)).toEqual([50, null, 5]);
});

test('the band is where the true percentile lies', () => {
  const band = chartPoints([pointAt(0, 100)], STEPS)[0]?.band;
  expect(band?.[0]).toBeCloseTo(98);
  expect(band?.[1]).toBeCloseTo(102);
  expect(chartPoints([pointAt(0, 100)], { ...STEPS, bound: null })[0]?.band).toBeNull();
});

test('the step that has not ended is dotted from the one before it', () => {
  const points = chartPoints([pointAt(58, 100), pointAt(59, 90, { open: true })], STEPS);
  expect(points.at(-1)).toMatchObject({ p95: null, p95Open: 90, band: null });
  expect(points.at(-2)).toMatchObject({ p95: 100, p95Open: 100 });
  expect(points.at(-3)?.p95Open).toBeNull();
});

test('points stand where their steps begin, also where the range does not begin at a multiple of them', () => {
  const steps = { ...STEPS, fromMs: STEPS.fromMs + 60_000, toMs: STEPS.toMs + 60_000, stepMs: 120_000 };
  const series = [pointAt(1, 10), pointAt(3, 20), pointAt(59, 30)];
  const points = chartPoints(series, steps);
  expect(points).toHaveLength(30);
  expect(points.flatMap(({ atMs, source }) => (source === null ? [] : [[atMs, source.at]]))).toEqual(
    series.map(({ at }) => [Date.parse(at), at]),
  );
});

test('series in any order, and longer than can be drawn, keep their newest steps', () => {
  const long = { ...STEPS, fromMs: STEPS.toMs - 1000 * 60_000 };
  const points = chartPoints([pointAt(59, 1), pointAt(0, 2)], long);
  expect(points).toHaveLength(240);
  expect(points.at(-1)?.p95).toBe(1);
});

test('the value axis begins at nothing and ends above all that is drawn', () => {
  const points = chartPoints([pointAt(0, 640, { p99_ms: 790 })], STEPS);
  expect(valueTicks(points, 500)).toEqual([0, 200, 400, 600, 800]);
  expect(valueTicks(points, 1500).at(-1)).toBeGreaterThanOrEqual(1500);
  expect(valueTicks(points, 100_000).at(-1)).toBe(800);
  expect(valueTicks(points, null).at(-1)).toBe(800);
  expect(valueTicks([], 0).length).toBeGreaterThanOrEqual(3);
});

test('time is told at round instants', () => {
  const ticks = timeTicks(STEPS.fromMs + 123_000, STEPS.toMs + 123_000);
  expect(ticks.length).toBeGreaterThanOrEqual(3);
  expect(ticks.length).toBeLessThanOrEqual(7);
  for (const tick of ticks) expect(tick % 600_000).toBe(0);
  for (const days of [1, 7, 60]) expect(timeTicks(0, days * 86_400_000).length).toBeLessThanOrEqual(9);
});
