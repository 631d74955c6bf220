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
  expect(lane(activity, 'stored', box, []).path).toBe('M10.0 16.0L30.0 12.0L50.0 20.0L70.0 20.0L90.0 0.0');
});

test('a minute that nobody heard is a gap, never zero', () => {
  const unheard = [{ from: at(2), to: at(4), kind: 'unheard' as const, why: 'no tap was running' }];
  expect(lane(activity, 'stored', box, unheard).path).toBe('M10.0 16.0L30.0 12.0M90.0 0.0');
});

test('totals, peak and bars come from the same counts', () => {
  const stored = lane(activity, 'stored', box, []);
  expect([stored.total, stored.peak, stored.bars.map((bar) => bar.count)]).toEqual([8, 5, [1, 2, 5]]);
  expect(lane(activity, 'undecodable', box, [])).toMatchObject({ total: 0, peak: 0, bars: [] });
});
