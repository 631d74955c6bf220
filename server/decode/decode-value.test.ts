import { describe, expect, it } from 'vitest';
import { decodeValue, MAX_DECODED_BYTES } from './decode-value.ts';

describe('decodeValue', () => {
  it('reads JSON of any kind, with or without a byte order mark', () => {
    expect(decodeValue(Buffer.from('{"a":1}'))).toMatchObject({ kind: 'value', value: { a: 1 } });
    expect(decodeValue(Buffer.from('\ufeff[1]'))).toMatchObject({ kind: 'value', value: [1] });
    expect(decodeValue(Buffer.from(' null '))).toMatchObject({ kind: 'value', value: null });
  });

  it.each([
    ['a tombstone', null, 'no value'],
    ['an empty value', Buffer.alloc(0), 'empty value'],
    ['truncated JSON', Buffer.from('{"correlation_id": "a'), 'not json'],
    ['plain text', Buffer.from('hello'), 'not json'],
    ['random bytes', Buffer.from([0xff, 0xfe, 0x00, 0x80]), 'invalid utf-8'],
    ['JSON with a broken UTF-8 sequence', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'invalid utf-8'],
  ])('gives %s a typed reason', (_name, value, reason) => {
    expect(decodeValue(value)).toMatchObject({ kind: 'unreadable', reason });
  });

  it('does not parse a value beyond its bound', () => {
    expect(decodeValue(Buffer.alloc(MAX_DECODED_BYTES + 1, 0x20))).toMatchObject({
      kind: 'unreadable',
      reason: 'too large to decode',
    });
  });

  it('survives a depth bomb', () => {
    expect(decodeValue(Buffer.from('['.repeat(200_000) + ']'.repeat(200_000))).kind).toBe('value');
    expect(decodeValue(Buffer.from('['.repeat(200_000)))).toMatchObject({ kind: 'unreadable', reason: 'not json' });
  });
});
