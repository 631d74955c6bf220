import { expect, test } from 'vitest';
import { distribution } from './distribution.ts';

const BUCKETS = [
  { from_ms: 10, to_ms: 20, count: 4 },
  { from_ms: 90, to_ms: 110, count: 100 },
  { from_ms: 110, to_ms: 130, count: 50 },
  { from_ms: 900, to_ms: 1000, count: 1 },
];
const GIVEN = { objectiveMs: 100, exemplars: [] };

test('bars stand on one logarithmic axis, the highest is the most frequent', () => {
  const { bars, scale } = distribution(BUCKETS, GIVEN);
  expect([scale.fromMs, scale.toMs]).toEqual([10, 1000]);
  expect(bars.map(({ height }) => height)).toEqual([0.04, 1, 0.5, 0.012]);
  for (const [index, bar] of bars.entries())
    expect(bar.x + bar.width).toBeLessThanOrEqual((bars[index + 1]?.x ?? 1) + 1e-9);
});

test('a bar that holds the objective is not counted as over it', () => {
  expect(distribution(BUCKETS, GIVEN)).toMatchObject({ total: 155, over: 51 });
});

test('without an objective no bar is over it, and the axis is that of the times', () => {
  const { bars, over, scale } = distribution(BUCKETS, { ...GIVEN, objectiveMs: null });
  expect([bars.some((bar) => bar.over), over, scale.fromMs, scale.toMs]).toEqual([false, 0, 10, 1000]);
});

test('an empty distribution has no bar and no shape', () => {
  expect(distribution([], GIVEN)).toMatchObject({ bars: [], total: 0, over: 0 });
  expect(distribution([{ from_ms: 1, to_ms: 2, count: 0 }], GIVEN).bars).toEqual([]);
});
