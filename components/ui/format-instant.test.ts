import { expect, test } from 'vitest';
import { formatClock, formatInstant, instantMs } from './format-instant.ts';

const now = Date.parse('2025-10-18T03:12:40Z');

test('an instant keeps its microseconds', () => {
  expect(instantMs('2025-10-18T10:45:00.120456Z') - Date.parse('2025-10-18T10:45:00.120Z')).toBeCloseTo(0.456, 2);
  expect(instantMs('nonsense')).toBeNaN();
});

test('today is a time, another day has its date, another year its year', () => {
  expect(formatInstant(Date.parse('2025-10-18T03:06:28Z'), now)).toBe('03:06:28');
  expect(formatInstant(Date.parse('2025-10-16T03:06:28Z'), now, 'min')).toBe('Oct 16 03:06');
  expect(formatInstant(Date.parse('2024-01-02T03:06:28.110Z'), now, 'ms')).toBe('2024 Jan 2 03:06:28.110');
});

test('a time that cannot be told is a dash, and one beyond all dates does not throw', () => {
  expect(formatClock(Number.NaN)).toBe('–');
  expect(formatInstant(1e20, now)).toContain('Sep 13');
});
