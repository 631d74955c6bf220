import { describe, expect, it } from 'vitest';
import { parseTime } from './parse-time.ts';
import { microsToRfc3339 } from './time.ts';

const read = (value: string | number) => {
  const parsed = parseTime(value);
  return parsed === null ? null : `${microsToRfc3339(parsed.at)}${parsed.naive ? ' naive' : ''}`;
};

describe('parseTime', () => {
  it.each([
    ['2025-10-18T10:45:00.120000+00:00', '2025-10-18T10:45:00.120000Z'],
    ['2025-10-18T10:45:01.880Z', '2025-10-18T10:45:01.880000Z'],
    ['2025-10-18T11:20:00.031245+00:00', '2025-10-18T11:20:00.031245Z'],
    ['2025-10-18T10:45:00.123456789Z', '2025-10-18T10:45:00.123456Z'],
    ['2025-10-18T12:45:00+02:00', '2025-10-18T10:45:00.000000Z'],
    ['2025-10-18T05:15:00-0530', '2025-10-18T10:45:00.000000Z'],
    ['2025-10-18T10:45', '2025-10-18T10:45:00.000000Z naive'],
    ['2025-10-18 10:45:00.5', '2025-10-18T10:45:00.500000Z naive'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000000Z'],
    ['2099-12-31T23:59:59.999999Z', '2099-12-31T23:59:59.999999Z'],
    ['0044-03-15T12:00:00Z', '0044-03-15T12:00:00.000000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000000Z'],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['seconds', 1760784300],
    ['seconds with a fraction', 1760784300.0],
    ['milliseconds', 1760784300000],
    ['microseconds', 1760784300000000],
    ['nanoseconds', 1760784300000000000],
    ['numeric text', '1760784300000'],
  ])('tells %s since the epoch apart', (_unit, value) => {
    expect(read(value)).toBe('2025-10-18T10:45:00.000000Z');
  });

  it.each(['', 'yesterday', '2025-13-01T00:00:00Z', '2025-02-30T00:00:00Z', '2025-10-18', 'T'.repeat(1000), '42'])(
    'is null for %j',
    (text) => {
      expect(parseTime(text)).toBeNull();
    },
  );

  it('is null for anything that is not a number or text', () => {
    for (const value of [null, undefined, true, {}, [], Number.NaN, Number.POSITIVE_INFINITY, 12]) {
      expect(parseTime(value)).toBeNull();
    }
  });
});
