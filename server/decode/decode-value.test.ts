import { describe, expect, it } from 'vitest';
import { encodeHeaders } from '../model/header-bytes.ts';
import type { SchemaAnswer } from '../model/registry-schema.ts';
import { decodeValue, MAX_DECODED_BYTES } from './decode-value.ts';
import { createSchemaReaders } from './schema-readers.ts';
import { schemaIdOf } from './wire-frame.ts';

const readers = createSchemaReaders();
const GUID = '01020304-0506-0708-090a-0b0c0d0e0f10';
const GUID_BYTES = Buffer.from(GUID.replaceAll('-', ''), 'hex');

const decode = (value: Buffer | null, answers: readonly (readonly [number | string, SchemaAnswer])[] = []) =>
  decodeValue({ value, headers: [] }, new Map(answers), readers);

describe('decodeValue', () => {
  it('reads JSON of any kind, with or without a byte order mark', () => {
    expect(decode(Buffer.from('{"a":1}'))).toMatchObject({ kind: 'value', format: 'json', value: { a: 1 } });
    expect(decode(Buffer.from('\ufeff[1]'))).toMatchObject({ kind: 'value', value: [1] });
    expect(decode(Buffer.from(' null '))).toMatchObject({ kind: 'value', value: null });
    expect(decode(Buffer.from('12'))).toMatchObject({ kind: 'value', value: 12 });
  });

  it.each([
    ['a tombstone', null, 'no value'],
    ['an empty value', Buffer.alloc(0), 'empty value'],
    ['truncated JSON', Buffer.from('{"correlation_id": "a'), 'not json'],
    ['a quote that never ends', Buffer.from('"a'), 'not json'],
    ['plain text', Buffer.from('hello\nworld'), 'plain text'],
    ['text that begins like a number', Buffer.from('12 monkeys'), 'plain text'],
    ['control characters', Buffer.from([0x0a, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f]), 'binary'],
    ['random bytes', Buffer.from([0xff, 0xfe, 0x00, 0x80]), 'binary'],
    ['JSON with a broken UTF-8 sequence', Buffer.from([0x22, 0xc3, 0x28, 0x22]), 'invalid utf-8'],
    ['a schema id, where no registry is', Buffer.from([0, 0, 0, 0, 7, 1]), 'no registry'],
    ['too few bytes for a schema id', Buffer.from([0, 0, 0]), 'binary'],
  ])('gives %s a typed reason', (_name, value, reason) => {
    expect(decode(value)).toMatchObject({ kind: 'unreadable', reason });
  });

  it.each([
    ['unknown', 'unknown schema'],
    ['unreachable', 'registry unreachable'],
  ] as const)('says that a schema is %s', (kind, reason) => {
    expect(decode(Buffer.from([0, 0, 0, 0, 7, 1]), [[7, { kind }]])).toEqual({
      kind: 'unreadable',
      reason,
      schemaId: 7,
    });
  });

  it('does not parse a value beyond its bound', () => {
    expect(decode(Buffer.alloc(MAX_DECODED_BYTES + 1, 0x20))).toMatchObject({ reason: 'too large to decode' });
  });

  it('survives a depth bomb', () => {
    expect(decode(Buffer.from('['.repeat(200_000) + ']'.repeat(200_000))).kind).toBe('value');
    expect(decode(Buffer.from('['.repeat(200_000)))).toMatchObject({ reason: 'not json' });
  });
});

describe('schemaIdOf', () => {
  const header = (value: Buffer) => [{ name: Buffer.from('__value_schema_id'), value }];

  it('finds a number or a GUID in front of the value', () => {
    expect(schemaIdOf({ value: Buffer.from([0, 0, 0, 1, 0, 9]), headers: [] })).toBe(256);
    expect(schemaIdOf({ value: Buffer.concat([Buffer.from([1]), GUID_BYTES]), headers: [] })).toBe(GUID);
  });

  it('finds a GUID in a header of a bare value, with headers in one piece or apart', () => {
    const headers = header(Buffer.concat([Buffer.from([1]), GUID_BYTES]));
    const value = Buffer.from([0x0a, 1, 2]);
    expect(schemaIdOf({ value, headers })).toBe(GUID);
    expect(schemaIdOf({ value, headers, headerBytes: encodeHeaders(headers) })).toBe(GUID);
  });

  it('does not take headers apart for JSON, nor without that name in them', () => {
    const untouched = (value: string, headerBytes: Buffer) => ({
      value: Buffer.from(value),
      headerBytes,
      get headers(): never {
        throw new Error('taken apart');
      },
    });
    expect(schemaIdOf(untouched('{}', encodeHeaders(header(GUID_BYTES))))).toBeNull();
    expect(schemaIdOf(untouched('text', encodeHeaders([])))).toBeNull();
  });

  it('takes a header that holds no id for none', () => {
    expect(schemaIdOf({ value: Buffer.from('x'), headers: header(Buffer.from('hello')) })).toBeNull();
  });
});
