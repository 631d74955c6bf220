import { expect, test } from 'vitest';
import { formatAge, formatDuration, formatHop, formatSpan } from './format-duration.ts';

test('a duration has at most two units and three digits', () => {
  const cases: [number, string][] = [
    [0, '0 ms'],
    [0.123, '0.12 ms'],
    [38, '38 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [1760, '1.76 s'],
    [48_200, '48.2 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [372_000, '6 min 12 s'],
    [3_599_600, '1 h 00 min'],
    [3 * 3_600_000 + 7 * 60_000, '3 h 07 min'],
    [29 * 86_400_000 + 23 * 3_600_000, '29 d 23 h'],
    [-12, '−12 ms'],
    [Number.NaN, '–'],
  ];
  for (const [ms, text] of cases) expect(formatDuration(ms)).toBe(text);
});

test('a hop keeps its milliseconds under a minute', () => {
  expect(formatHop(1274)).toBe('1.274 s');
  expect(formatHop(-1500)).toBe('−1.500 s');
  expect(formatHop(760)).toBe('760 ms');
  expect(formatHop(372_000)).toBe('6 min 12 s');
});

test('a span is written in its largest whole unit', () => {
  expect(formatSpan(60 * 60_000)).toBe('60 min');
  expect(formatSpan(6 * 3_600_000)).toBe('6 h');
  expect(formatSpan(24 * 3_600_000)).toBe('24 h');
  expect(formatSpan(7 * 86_400_000)).toBe('7 d');
});

test('an age counts in whole seconds', () => {
  expect([0, 2300, 59_700, 372_000, -5].map(formatAge)).toEqual(['0 s', '2 s', '1 min 00 s', '6 min 12 s', '0 s']);
});
