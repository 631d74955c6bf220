import { expect, test } from 'vitest';
import { PAYLOAD_LIMIT, PAYLOADS_LIMIT, PayloadBudget, toHeaders, toPayload } from './payload.ts';

const show = (value: Buffer) => toPayload(value, new PayloadBudget());

test('a value is shown verbatim: numbers beyond 2^53, repeated keys and white space stay', () => {
  const text = '{ "n": 12345678901234567890, "n": 1.0 }\n';
  expect(show(Buffer.from(text))).toEqual({ encoding: 'json', text, bytes: text.length, truncated: false });
});

test('text that is no JSON is text, bytes that are no UTF-8 are base64', () => {
  expect(show(Buffer.from('{"a":')).encoding).toBe('text');
  expect(show(Buffer.from('\uFEFF{}'))).toMatchObject({ encoding: 'text', text: '\uFEFF{}' });
  expect(show(Buffer.from([0xff, 0]))).toMatchObject({ encoding: 'base64', text: '/wA=' });
  expect(show(Buffer.alloc(0))).toMatchObject({ encoding: 'text', text: '', bytes: 0 });
});

test('a long value is cut between characters', () => {
  for (const start of ['', 'a', 'ab', 'abc']) {
    const value = Buffer.from(start + '😀'.repeat(PAYLOAD_LIMIT / 2));
    const payload = show(value);
    expect(payload).toMatchObject({ encoding: 'text', truncated: true, bytes: value.length });
    expect(payload.text).not.toContain('\uFFFD');
    expect(payload.text.length).toBeGreaterThan(PAYLOAD_LIMIT / 2 - 8);
  }
});

test('all values of an answer share one budget', () => {
  const budget = new PayloadBudget();
  const value = Buffer.alloc(PAYLOAD_LIMIT, 'x');
  const shown = Array.from({ length: 80 }, () => toPayload(value, budget).text.length);
  expect(shown.reduce((sum, length) => sum + length, 0)).toBe(PAYLOADS_LIMIT);
  expect(toHeaders([{ name: Buffer.from('__proto__'), value }], budget)).toEqual([
    { name: '__proto__', value: { encoding: 'text', text: '', bytes: value.length, truncated: true } },
  ]);
});
