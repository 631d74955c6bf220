import { expect, test } from 'vitest';
import { criticalPath } from './critical-path.ts';
import { traceEvent } from './trace-event.test-support.ts';

const a = traceEvent('a', 0);
const b = traceEvent('b', 10, { id: 'a', hopMs: 10 });
const c = traceEvent('c', 30, { id: 'a', hopMs: 30 });
const d = traceEvent('d', 40, { id: 'c', hopMs: 10 });

test('the path leads to the last event, and its shares make the whole', () => {
  const path = criticalPath([a, b, c, d]);
  expect([...path.ids]).toEqual(['a', 'c', 'd']);
  expect(path.shares.map(({ event, hopMs, share }) => [event.id, hopMs, share])).toEqual([
    ['c', 30, 0.75],
    ['d', 10, 0.25],
  ]);
  expect(path).toMatchObject({ totalMs: 40, leaves: false });
});

test('a path whose beginning is not among the events says that it leaves them', () => {
  expect(criticalPath([c, d])).toMatchObject({ totalMs: 10, leaves: true });
  expect(criticalPath([])).toMatchObject({ shares: [], totalMs: 0, leaves: false });
});

test('a cycle of causes ends, and skew has no share', () => {
  const x = traceEvent('x', 0, { id: 'y', hopMs: -5 });
  const y = traceEvent('y', 5, { id: 'x', hopMs: 5 });
  expect(criticalPath([x, y]).shares.map(({ event }) => event.id)).toEqual(['y']);
});
