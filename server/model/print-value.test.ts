import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from './json.ts';
import { printValue } from './print-value.ts';

it('prints what JSON.stringify prints, own `__proto__` keys included', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const value: Json = JSON.parse(text);
      expect(printValue(value, 1_000_000)).toEqual({ text: JSON.stringify(value), truncated: false });
    }),
  );
});

it('prints integers beyond 2^53 by every digit', () => {
  expect(printValue({ a: [12345678901234567890n, -1n] }, 100).text).toBe('{"a":[12345678901234567890,-1]}');
});

it('stops at its limit, however long texts, keys and lists are', () => {
  const long = 'x'.repeat(1_000_000);
  for (const value of [long, { [long]: 1 }, Array.from({ length: 100_000 }, () => long)]) {
    const printed = printValue(value, 1000);
    expect(printed.truncated).toBe(true);
    expect(printed.text).toHaveLength(1000);
  }
});

it('prints what lies too deep as a mark instead of running out of stack', () => {
  const deep: Json = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  expect(printValue(deep, 1_000_000).text).toContain('["…"]');
});
