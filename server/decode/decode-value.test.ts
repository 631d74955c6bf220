import { describe, expect, it } from 'vitest';
import { decodeValue, MAX_DECODED_BYTES } from './decode-value.ts';

describe('decodeValue', () => {
  it('reads JSON of any kind, with or without a byte order mark', () => {
    expect(decodeValue(Buffer.from('{"a":1}'))).toEqual({ kind: 'json', value: { a: 1 } });
    expect(decodeValue(Buffer.from('\ufeff[1]'))).toEqual({ kind: 'json', value: [1] });
    expect(decodeValue(Buffer.from(' null '))).toEqual({ kind: 'json', value: null });
  });

  it.each([
    ['a tombstone', null, 'no value'],
    ['an empty value', Buffer.alloc(0), 'empty value'],
    ['truncated JSON', Buffer.from('{"correlation_id": "a'), 'not json'],
    ['plain text', Buffer.from('hello'), 'not json'],
    ['random bytes', Buffer.from([0xff, 0xfe, 0x00, 0x80]), 'invalid utf-8'],
    ['JSON with a broken UTF-8 sequence', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'invalid utf-8'],
  ])('gives %s a typed reason', (_name, value, reason) => {
    expect(decodeValue(value)).toEqual({ kind: 'unreadable', reason });
  });

  it('does not parse a value beyond its bound', () => {
    expect(decodeValue(Buffer.alloc(MAX_DECODED_BYTES + 1, 0x20))).toEqual({
      kind: 'unreadable',
      reason: 'too large to decode',
    });
  });

  it('survives a depth bomb', () => {
    expect(decodeValue(Buffer.from('['.repeat(200_000) + ']'.repeat(200_000))).kind).toBe('json');
    expect(decodeValue(Buffer.from('['.repeat(200_000)))).toEqual({ kind: 'unreadable', reason: 'not json' });
  });
});
