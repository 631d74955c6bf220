import { expect, test } from 'vitest';
import { rangeText, relativeMs, resolveRange } from './time-range.ts';

const now = Date.parse('2025-10-18T03:12:00Z');

test('a range of the URL is resolved against now', () => {
  const range = resolveRange('-15m', 'now', now);
  expect(range).toEqual({ fromMs: now - 900_000, toMs: now, live: true, label: 'Last 15 min' });
  expect(rangeText(range, now)).toBe('02:57 – 03:12 UTC');
});

test('a fixed range is not live', () => {
  const range = resolveRange('2025-10-17T00:00:00Z', '2025-10-17T01:00:00Z', now);
  expect(range).toMatchObject({ live: false, label: 'Fixed' });
  expect(rangeText(range, now)).toBe('Oct 17 00:00 – Oct 17 01:00 UTC');
});

test('what cannot be read means the last hour', () => {
  for (const from of ['', '-0m', '-99999999d', 'yesterday', '<script>', '2030-01-01T00:00:00Z'])
    expect(resolveRange(from, null, now)).toMatchObject({ label: 'Last 60 min', fromMs: now - 3_600_000 });
  expect(relativeMs('-7d')).toBe(604_800_000);
});
