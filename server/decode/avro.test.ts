import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoderOf, framed } from './schema.test-support.ts';

const ORDER = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'correlation_id', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'count', type: 'long' },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'tags', type: { type: 'map', values: 'int' } },
    {
      name: 'lines',
      type: { type: 'array', items: { type: 'record', name: 'Line', fields: [{ name: 'sku', type: 'string' }] } },
    },
    { name: 'first', type: ['null', 'Line'] },
    { name: 'state', type: { type: 'enum', name: 'State', symbols: ['OPEN', 'CLOSED'] } },
    { name: 'raw', type: 'bytes' },
    { name: 'rate', type: 'double' },
    { name: 'ok', type: 'boolean' },
  ],
} as const;

const exact = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
});
const encoder = (schema: unknown) =>
  avsc.Type.forSchema(schema as avsc.Schema, { registry: { long: exact }, wrapUnions: false });

const orderOf = (count: bigint) => ({
  correlation_id: '0198c0de-0000-7000-8000-000000000001',
  count,
  note: 'hé',
  tags: { a: 1, ['__proto__']: 2 },
  lines: [{ sku: 'x' }, { sku: 'y' }],
  first: { sku: 'z' },
  state: 'CLOSED',
  raw: Buffer.from([1, 2, 255]),
  rate: 1.5,
  ok: true,
});

/** A record of nine thousand types in one namespace. */
const manyNames = (namespace: string) => ({
  ...{ type: 'record', name: 'r', namespace },
  fields: Array.from({ length: 9000 }, (_, n) => ({ name: `f${n}`, type: { type: 'fixed', name: `x${n}`, size: 0 } })),
});

describe('Avro', () => {
  const decode = decoderOf('AVRO', JSON.stringify(ORDER));

  it('is read by its schema, unions as their value, bytes as base64, integers exact', () => {
    const bytes = encoder(ORDER).toBuffer(orderOf(9_007_199_254_740_993n));
    expect(decode(framed(bytes))).toEqual({
      kind: 'value',
      format: 'avro',
      schemaId: 7,
      value: { ...orderOf(9_007_199_254_740_993n), raw: 'AQL/' },
    });
  });

  it('reads what an independent encoder writes, any integer and text', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
        fc.string({ unit: 'grapheme' }),
        fc.double(),
        (count, note, rate) => {
          const bytes = encoder(ORDER).toBuffer({ ...orderOf(count), note, rate });
          const decoded = decode(framed(bytes));
          const safe = count >= -(2n ** 53n) && count <= 2n ** 53n ? Number(count) : count;
          expect(decoded).toMatchObject({ value: { note, count: Number.isSafeInteger(safe) ? safe : count } });
        },
      ),
    );
  });

  it.each([
    [{ type: 'bytes', logicalType: 'decimal', precision: 30, scale: 2 }, [0x06, 0xff, 0x85, 0xee], '-312.50'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 30, scale: 3 }, [0x02, 0x05], '0.005'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, [0x02], '1970-01-01T00:00:00.001000Z'],
    [{ type: 'long', logicalType: 'timestamp-nanos' }, [0x01], '1969-12-31T23:59:59.999999999Z'],
    [{ type: 'int', logicalType: 'date' }, [0x02], '1970-01-02'],
    [{ type: 'int', logicalType: 'time-millis' }, [0x02], '00:00:00.001'],
    [{ type: 'float' }, [0, 0, 0xc0, 0x7f], 'NaN'],
    [{ type: 'long', logicalType: 'something-else' }, [0x03], -2],
    ['string', [0x02, 0x61], 'a'],
  ])('shows %j as what it means', (schema, bytes, value) => {
    expect(decoderOf('AVRO', JSON.stringify(schema))(framed(Buffer.from(bytes)))).toMatchObject({ value });
  });

  it('finds the types of schemas it refers to', () => {
    const line = { type: 'record', name: 'shop.Line', fields: [{ name: 'sku', type: 'string' }] };
    const text = JSON.stringify({ type: 'record', name: 'shop.Cart', fields: [{ name: 'line', type: 'Line' }] });
    const decodeCart = decoderOf('AVRO', text, [{ name: 'shop.Line', text: JSON.stringify(line) }]);
    expect(decodeCart(framed(Buffer.from([0x02, 0x61])))).toMatchObject({ value: { line: { sku: 'a' } } });
  });

  it('refuses bytes of another schema, cut bytes and bytes left over', () => {
    const bytes = framed(encoder(ORDER).toBuffer(orderOf(1n)));
    for (const wrong of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from([0])]), framed(Buffer.from([9]))]) {
      expect(decode(wrong)).toEqual({ kind: 'unreadable', reason: 'schema mismatch', schemaId: 7 });
    }
  });

  it('stops an array of two billion nulls in a few bytes, also of empty records', () => {
    const count = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0x0f]);
    for (const items of ['null', { type: 'record', name: 'E', fields: [] }]) {
      const decodeBomb = decoderOf('AVRO', JSON.stringify({ type: 'array', items }));
      expect(decodeBomb(framed(Buffer.concat([count, Buffer.from([0])])))).toMatchObject({ reason: 'schema mismatch' });
    }
  });

  it('makes some four thousand values of a few bytes, and no more', () => {
    const decodeNulls = decoderOf('AVRO', '{"type":"array","items":"null"}');
    const nulls = (count: number) => framed(Buffer.from([((count * 2) & 0x7f) | 0x80, (count * 2) >> 7, 0]));
    expect(decodeNulls(nulls(4000))).toMatchObject({ kind: 'value' });
    expect(decodeNulls(nulls(4200))).toMatchObject({ reason: 'schema mismatch' });
  });

  it('reads a few decimals of a thousand digits behind the point, and not a million of them', () => {
    const items = { type: 'bytes', logicalType: 'decimal', precision: 1000, scale: 1000 };
    const decodeDecimals = decoderOf('AVRO', JSON.stringify({ type: 'array', items }));
    const block = (count: number) => Buffer.concat([Buffer.from([count * 2]), Buffer.alloc(count * 2, '\x02\x07')]);
    const blocks = (count: number) =>
      framed(Buffer.concat([...Array.from({ length: count }, () => block(50)), Buffer.from([0])]));
    expect(decodeDecimals(blocks(1))).toMatchObject({ kind: 'value' });
    expect(decodeDecimals(blocks(1000))).toMatchObject({ reason: 'schema mismatch' });
  });

  it('stops a record that holds itself without end', () => {
    const self = JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'r', type: 'R' }] });
    expect(decoderOf('AVRO', self)(framed(Buffer.alloc(0)))).toMatchObject({ reason: 'schema mismatch' });
  });

  it.each([
    ['no JSON and no type', 'int x'],
    ['a type of no name', '{"type":"record","name":"R","fields":[{"name":"a","type":"Missing"}]}'],
    ['a depth bomb', `${'{"type":"array","items":'.repeat(5000)}"null"${'}'.repeat(5000)}`],
    ['an enum whose symbol cannot be a text', '{"type":"enum","name":"e","symbols":[{"toString":1,"valueOf":1}]}'],
    ['of a namespace that all its types would repeat', JSON.stringify(manyNames('n'.repeat(1_000_000)))],
    ['a width bomb', JSON.stringify(Array.from({ length: 20_000 }, () => 'null'))],
  ])('finds a schema unusable that is %s', (_name, text) => {
    expect(decoderOf('AVRO', text)(framed(Buffer.from([0])))).toMatchObject({ reason: 'unusable schema' });
  });

  it('makes no code from names that are code, and no prototype from names of one', () => {
    const evil = ['__proto__', 'constructor', 'a;process.exit(1)//', 'toString', '"]);throw 1;(["'];
    const text = JSON.stringify({ type: 'record', name: 'x(){}', fields: evil.map((name) => ({ name, type: 'int' })) });
    const decoded = decoderOf('AVRO', text)(framed(Buffer.from([2, 4, 6, 8, 10])));
    expect(decoded.kind === 'value' && JSON.stringify(decoded.value)).toBe(
      JSON.stringify(Object.fromEntries(evil.map((name, index) => [name, index + 1]))),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
