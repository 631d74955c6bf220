import { expect, test } from 'vitest';
import type { ActivityWire } from '@/server/model/wire.ts';
import { lane } from './lane-geometry.ts';

const from = Date.parse('2025-10-18T03:00:00Z');
const at = (minute: number) => new Date(from + minute * 60_000).toISOString();
const box = { width: 100, height: 20, fromMs: from, toMs: from + 5 * 60_000 };
const activity: ActivityWire = {
  as_of: at(5),
  coverage: { stored_share: 1, holes: 0, lower_bound: false },
  from: at(0),
  to: at(5),
  step_s: 60,
  buckets: [0, 1, 4].map((minute) => ({
    at: at(minute),
    stored: minute + 1,
    traces: 0,
    undecodable: 0,
    uncorrelated: 0,
  })),
};

test('a minute without a row is zero where the tap was heard', () => {
  expect(lane(activity, 'stored', box, []).path).toBe('M0.0 16.0H20.0V12.0H40.0V20.0H60.0V20.0H80.0V0.0H100.0');
});

test('a minute that nobody heard is a gap, never zero', () => {
  const unheard = [{ from: at(2), to: at(4), kind: 'unheard' as const, why: 'no tap was running' }];
  expect(lane(activity, 'stored', box, unheard).path).toBe('M0.0 16.0H20.0V12.0H40.0M80.0 0.0H100.0');
});

test('totals, peak and bars come from the same counts', () => {
  const stored = lane(activity, 'stored', box, []);
  expect([stored.total, stored.peak, stored.bars.map((bar) => bar.count)]).toEqual([8, 5, [1, 2, 5]]);
  expect(lane(activity, 'undecodable', box, [])).toMatchObject({ total: 0, peak: 0, bars: [] });
});

test('a minute that has not ended is a path of its own', () => {
  const drawn = lane(activity, 'stored', { ...box, width: 90, toMs: from + 4.5 * 60_000 }, []);
  expect(drawn.path).toBe('M0.0 16.0H20.0V12.0H40.0V20.0H60.0V20.0H80.0');
  expect(drawn.openPath).toBe('M80.0 20.0V0.0H90.0');
  expect(drawn.bars.map((bar) => bar.open)).toEqual([false, false, true]);
});

test('the rate is of the time that was heard', () => {
  const unheard = (first: number, last: number) => [
    { from: at(first), to: at(last), kind: 'unheard' as const, why: null },
  ];
  expect(lane(activity, 'stored', box, unheard(2, 4)).perMinute).toBe(8 / 3);
  expect(lane({ ...activity, buckets: [] }, 'stored', box, unheard(0, 5)).perMinute).toBe(null);
});
