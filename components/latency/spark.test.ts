import { expect, test } from 'vitest';
import { FROM, pointAt, TO } from './latency.test-support.ts';
import { spark } from './spark.ts';

const BOX = { width: 60, height: 20, fromMs: Date.parse(FROM), toMs: Date.parse(TO), stepMs: 60_000, overMs: 100 };

test('steps that follow each other are joined, a gap is a gap', () => {
  const { path } = spark([pointAt(0, 50), pointAt(1, 60), pointAt(5, 50), pointAt(6, 60)], BOX);
  expect(path.match(/L/g)?.length).toBe(2);
  expect(path).not.toMatch(/M1\.0 [\d.]+L5\.0/);
});

test('a step with too few breaks the line and is not zero', () => {
  const { path, drawn } = spark([pointAt(0, 50), pointAt(1, null), pointAt(2, 50)], BOX);
  expect(drawn).toBe(2);
  expect(path).not.toContain('L');
});

test('only the part over the objective is drawn apart', () => {
  const { path, overPath } = spark([pointAt(0, 50), pointAt(1, 150), pointAt(2, 160)], BOX);
  expect(path).toContain('L1.0');
  expect(overPath).toMatch(/^M1\.0 [\d.]+L2\.0 [\d.]+$/);
});

test('without an objective nothing is over it', () => {
  const { path, overPath } = spark([pointAt(0, 50), pointAt(1, 1e9)], { ...BOX, overMs: Number.POSITIVE_INFINITY });
  expect([path.match(/L/g)?.length, overPath]).toEqual([1, '']);
});

test('points before the range stand at its edge', () => {
  expect(spark([pointAt(-3, 50)], BOX).path).toMatch(/^M0\.0 /);
});

test('nothing known draws nothing', () => {
  expect(spark([], BOX)).toEqual({ path: '', overPath: '', drawn: 0 });
});
