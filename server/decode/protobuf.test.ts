import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { decoderOf, framed } from './schema.test-support.ts';

const ORDER = `syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/struct.proto";
import "money.proto";
import "confluent/meta.proto";
message Order {
  string correlation_id = 1;
  int64 count = 2;
  google.protobuf.Timestamp at = 3;
  repeated Line lines = 4;
  map<string, int32> tags = 5;
  State state = 6;
  bytes raw = 7;
  repeated sint32 packed = 8;
  oneof choice { string a = 9; Inner b = 10; }
  bank.Money price = 11;
  google.protobuf.Int64Value wrapped = 12;
  google.protobuf.Struct free = 13;
  uint64 big = 14;
  double rate = 15;
  Order parent = 16;
  message Inner { bool yes = 1; message Deep { int32 x = 1; } }
}
message Line { string sku = 1; }
enum State { OPEN = 0; CLOSED = 1; }
message Last { fixed64 n = 1; }`;
const MONEY = 'syntax = "proto3"; package bank; message Money { int64 units = 1; string currency = 2; }';

const repeated = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join('');

/** Encodes by the library's own encoder, which our reader does not use. */
function encode(name: string, value: object): Uint8Array {
  const root = new protobuf.Root();
  for (const file of ['timestamp', 'wrappers', 'struct']) {
    root.addJSON(protobuf.common.get(`google/protobuf/${file}.proto`)?.nested ?? {});
  }
  protobuf.parse(MONEY, root, { keepCase: true });
  protobuf.parse(ORDER, root, { keepCase: true });
  const type = root.lookupType(name);
  return type.encode(type.fromObject(value)).finish();
}

const ORDER_VALUE = {
  correlation_id: 'c-1',
  count: '-9007199254740993',
  at: { seconds: 1_700_000_000, nanos: 120_000_001 },
  lines: [{ sku: 'x' }, { sku: 'y' }],
  tags: { one: 1, two: -2 },
  state: 1,
  raw: Buffer.from([1, 2, 255]),
  packed: [1, -1, 300],
  b: { yes: true },
  price: { units: '5', currency: 'EUR' },
  wrapped: { value: '12' },
  free: {
    fields: { k: { stringValue: 'v' }, n: { nullValue: 0 }, l: { listValue: { values: [{ numberValue: 1 }] } } },
  },
  big: '18446744073709551615',
  rate: Number.NaN,
  parent: { correlation_id: 'c-0' },
};

describe('Protobuf', () => {
  const decode = decoderOf('PROTOBUF', ORDER, [{ name: 'money.proto', text: MONEY }]);

  it('is read by its schema: names as written, 64 bits exact, what Protobuf brings along as its JSON form has it', () => {
    expect(decode(framed(encode('shop.Order', ORDER_VALUE), [0]))).toEqual({
      kind: 'value',
      format: 'protobuf',
      schemaId: 7,
      value: {
        correlation_id: 'c-1',
        count: -9_007_199_254_740_993n,
        at: '2023-11-14T22:13:20.120000001Z',
        lines: [{ sku: 'x' }, { sku: 'y' }],
        tags: { one: 1, two: -2 },
        state: 'CLOSED',
        raw: 'AQL/',
        packed: [1, -1, 300],
        b: { yes: true },
        price: { units: 5, currency: 'EUR' },
        wrapped: 12,
        free: { k: 'v', n: null, l: [1] },
        big: 18_446_744_073_709_551_615n,
        rate: 'NaN',
        parent: { correlation_id: 'c-0' },
      },
    });
  });

  it('finds the message by its path of indexes, in the order of its own file', () => {
    expect(decode(framed(encode('shop.Line', { sku: 's' }), [2, 2]))).toMatchObject({ value: { sku: 's' } });
    expect(decode(framed(encode('shop.Last', { n: 1 }), [2, 4]))).toMatchObject({ value: { n: 1 } });
    expect(decode(framed(encode('shop.Order.Inner.Deep', { x: 3 }), [6, 0, 0, 0]))).toMatchObject({ value: { x: 3 } });
  });

  it.each([
    ['beyond the file', [2, 40]],
    ['negative', [2, 1]],
    ['of a hundred thousand levels', [0xc0, 0x9a, 0x0c]],
  ])('says so when the index is %s', (_name, indexes) => {
    expect(decode(framed(Buffer.alloc(0), indexes))).toEqual({
      kind: 'unreadable',
      reason: 'no such message',
      schemaId: 7,
    });
  });

  it('skips fields that the schema does not have, groups among them', () => {
    const strange = Buffer.from([0xa8, 0x06, 0x01, 0xab, 0x06, 0x08, 0x01, 0xac, 0x06, 0x0a, 1, 0x61]);
    expect(decode(framed(strange, [0]))).toMatchObject({ value: { correlation_id: 'a' } });
  });

  it.each([
    ['cut', [0x0a, 5, 0x61]],
    ['of another type', [0x08, 1]],
    ['of field 0', [0x02, 0]],
    ['of a wire type that is none', [0x0f]],
    ['no UTF-8', [0x0a, 1, 0xff]],
    ['a group that ends without a beginning', [0x0c]],
  ])('refuses bytes that are %s', (_name, bytes) => {
    expect(decode(framed(Buffer.from(bytes), [0]))).toMatchObject({ reason: 'schema mismatch' });
  });

  it('stops messages that lie a thousand deep in each other', () => {
    let bytes = Buffer.alloc(0);
    for (let depth = 0; depth < 1000; depth += 1) {
      const { length } = bytes;
      bytes = Buffer.concat([Buffer.from([0x82, 0x01, (length & 0x7f) | 0x80, (length >> 7) | 0]), bytes]);
    }
    expect(decode(framed(bytes, [0]))).toMatchObject({ reason: 'schema mismatch' });
  });

  it.each([
    ['no Protobuf', 'hello'],
    ['nested without end', `message A {`.repeat(5000)],
    ['a hundred thousand fields', `message A { ${repeated(100_000, (n) => `int32 f${n} = ${n + 1};`)} }`],
    [
      'so many in groups of one',
      `message A { ${repeated(2000, (n) => `oneof o${n} {${repeated(50, (m) => `int32 f${n}x${m} = ${n * 50 + m + 1};`)}}`)} }`,
    ],
    [
      'fields hidden from a glance by comments and texts',
      `message A { ${repeated(20_000, (n) => `/* } */ int32 f${n} = ${n + 1} [a = "}"]; // }\n`)} }`,
    ],
    ['a hundred thousand messages', repeated(100_000, (n) => `message A${n} {}`)],
    ['of a name that all its messages would repeat', `package ${'p'.repeat(1_000_000)}; message A { message B {} }`],
  ])('finds a schema unusable that is %s', (_name, text) => {
    expect(decoderOf('PROTOBUF', text)(framed(Buffer.alloc(0), [0]))).toMatchObject({ reason: 'unusable schema' });
  });

  it('reads an enum of a thousand names in a thousand fields, and a chain of thousands of messages', () => {
    const text = `syntax = "proto3";
      message A { ${repeated(800, (n) => `E f${n} = ${n + 1};`)} } enum E { ${repeated(800, (n) => `V${n} = ${n};`)} }
      ${repeated(4500, (n) => `message C${n} { C${n + 1} next = 1; }`)} message C4500 { string end = 1; }`;
    const decodeMany = decoderOf('PROTOBUF', text);
    expect(decodeMany(framed(Buffer.from([0x08, 2]), [0]))).toMatchObject({ value: { f0: 'V2' } });
    const nested = framed(Buffer.from([0x0a, 2, 0x0a, 0]), [2, 2]);
    for (const _twice of [1, 2]) expect(decodeMany(nested)).toMatchObject({ value: { next: { next: {} } } });
  });

  it('finds types from the innermost message outwards, by part of a package, and by their full name', () => {
    const text = `syntax = "proto3"; package com.shop;
      message A { B inner = 1; shop.B outer = 2; .com.shop.B full = 3; message B { string in = 1; } }
      message B { string out = 1; }`;
    const bytes = Buffer.from([0x0a, 3, 0x0a, 1, 0x61, 0x12, 3, 0x0a, 1, 0x62, 0x1a, 3, 0x0a, 1, 0x63]);
    expect(decoderOf('PROTOBUF', text)(framed(bytes, [0]))).toMatchObject({
      value: { inner: { in: 'a' }, outer: { out: 'b' }, full: { out: 'c' } },
    });
  });

  it('leaves a field out whose type no file names', () => {
    const text = 'syntax = "proto3"; import "far.proto"; message A { far.B b = 1; string c = 2; }';
    const bytes = Buffer.from([0x0a, 0, 0x12, 1, 0x61]);
    expect(decoderOf('PROTOBUF', text)(framed(bytes, [0]))).toMatchObject({ value: { c: 'a' } });
  });

  it('takes no harm from names and options that aim at prototypes', () => {
    const text = `syntax = "proto3";
      option (a).constructor.prototype.polluted = true;
      option (b).__proto__.polluted = "x";
      message constructor { string __proto__ = 1; string toString = 2; string hasOwnProperty = 3; }`;
    const decoded = decoderOf('PROTOBUF', text)(framed(Buffer.from([0x12, 1, 0x61, 0x1a, 1, 0x62]), [0]));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(['value', 'unreadable']).toContain(decoded.kind);
    if (decoded.kind === 'value') expect(decoded.value).toMatchObject({ toString: 'a', hasOwnProperty: 'b' });
  });
});
