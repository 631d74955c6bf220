import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decoded } from '../model/decoded.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { MAX_VALUES } from './byte-reader.ts';
import { decoderOf, framed } from './schema.test-support.ts';

/** 100,000 records per format on demand (`DECODE_RUNS`), a fifth of it each time. */
const RUNS = Number(process.env.DECODE_RUNS ?? 20_000);

const AVRO = {
  type: 'record',
  name: 'R',
  fields: [
    { name: 'a', type: ['null', 'string', 'long', { type: 'array', items: 'null' }, { type: 'map', values: 'R' }] },
    { name: 'b', type: { type: 'array', items: ['double', 'bytes'] } },
    { name: 'c', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 4 } },
    { name: 'd', type: { type: 'enum', name: 'E', symbols: ['X', 'Y'] } },
  ],
};
const PROTO = `syntax = "proto3"; message A { string a = 1; repeated A b = 2; map<int64, A> c = 3; repeated int32 d = 4;
  E e = 5; bytes f = 6; double g = 7; fixed32 h = 8; sint64 i = 9; } enum E { X = 0; Y = 1; }`;

const avroBytes = avsc.Type.forSchema(AVRO as avsc.Schema, { wrapUnions: false }).toBuffer({
  a: { k: { a: null, b: [1, 2.5], c: Buffer.from([1]), d: 'X' } },
  b: [7, Buffer.from('abc')],
  c: Buffer.from([255, 1]),
  d: 'Y',
});
const protoBytes = Buffer.from([
  ...[0x0a, 3, 0x61, 0x62, 0x63, 0x12, 4, 0x0a, 2, 0x61, 0x62, 0x1a, 6, 0x08, 5, 0x12, 2, 0x28, 1],
  ...[0x22, 3, 1, 2, 3, 0x28, 1, 0x32, 2, 9, 9, 0x39, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x45, 1, 0, 0, 0, 0x48, 9],
]);

const jsonBytes = Buffer.from('{"a":[1,2,{"b":"c\\u0041"}],"d":12345678901234567890,"e":null}');

describe.each([
  ['Avro', decoderOf('AVRO', JSON.stringify(AVRO)), avroBytes, [] as number[]],
  ['Protobuf', decoderOf('PROTOBUF', PROTO), protoBytes, [0]],
  ['JSON Schema', decoderOf('JSON', '{}'), jsonBytes, []],
] as const)('%s', (_name, decode, sample, indexes) => {
  it('never throws and stays within its budget, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, (random) => expectBounded(decode(framed(random, indexes)))),
      { numRuns: RUNS },
    );
  });

  it('nor does it with a byte or two changed, dropped or doubled', () => {
    expect(decode(framed(sample, indexes)).kind).toBe('value');
    const change = fc.record({ at: fc.nat(sample.length - 1), byte: fc.nat(255), take: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let mutated = Buffer.from(sample);
        for (const { at, byte, take } of changes) {
          mutated = Buffer.concat([mutated.subarray(0, at), Buffer.from([byte]), mutated.subarray(at + take)]);
        }
        expectBounded(decode(framed(mutated, indexes)));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a value without a frame', () => {
  it('never throws, whatever the bytes', () => {
    const decode = decoderOf('JSON', '{}');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (random) => expectBounded(decode(Buffer.from(random)))),
      { numRuns: RUNS },
    );
  });
});

function expectBounded(decoded: Decoded): void {
  if (decoded.kind === 'value') expect(countValues(decoded.value)).toBeLessThanOrEqual(MAX_VALUES);
  else expect(decoded.reason).not.toBe('');
}

function countValues(value: Json): number {
  if (isJsonObject(value)) return Object.values(value).reduce<number>((sum, child) => sum + countValues(child), 1);
  if (typeof value !== 'object' || value === null) return 1;
  return value.reduce<number>((sum, child) => sum + countValues(child), 1);
}
