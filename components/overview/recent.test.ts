import { expect, test } from 'vitest';
import { recentOf } from './recent.ts';

const bucket = { undecodable: 0, uncorrelated: 0 };
const activity = {
  as_of: '2025-10-18T03:12:40Z',
  coverage: { stored_share: 1, holes: 0, lower_bound: false },
  from: '2025-10-18T02:12:00Z',
  to: '2025-10-18T03:12:40Z',
  step_s: 60,
  buckets: [
    { ...bucket, at: '2025-10-18T03:10:00Z', stored: 300, traces: 50 },
    { ...bucket, at: '2025-10-18T03:11:00Z', stored: 312, traces: 52 },
    { ...bucket, at: '2025-10-18T03:12:00Z', stored: 17, traces: 4 },
  ],
};

test('traces of the whole range, and the rate of the last minute that has ended', () => {
  expect(recentOf(activity, 'Last 60 min')).toEqual({ label: 'last 60 min', traces: 106, perMinute: 312 });
  expect(recentOf(activity, 'Fixed').label).toBe('selected time');
});

test('an old minute is no rate of now', () => {
  expect(recentOf({ ...activity, buckets: activity.buckets.slice(0, 1) }, 'Last 60 min').perMinute).toBe(null);
});
