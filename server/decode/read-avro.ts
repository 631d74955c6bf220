import type { Json } from '../model/json.ts';
import { logicalBytes, logicalInteger } from './avro-logical.ts';
import type { AvroLogical, AvroType } from './avro-schema.ts';
import { ByteReader, toFinite } from './byte-reader.ts';
import { MismatchError } from './mismatch.ts';
import { type Draft, setOwn } from './own-field.ts';

/**
 * A value in Avro's binary encoding. A union is its value alone, without the name of its branch, as envelopes are written
 * by hand; bytes are base64, integers beyond 2^53 stay exact. Throws `MismatchError`, also when bytes are left over.
 */
export function readAvro(type: AvroType, bytes: Buffer): Json {
  const reader = new ByteReader(bytes);
  const value = readType(type, reader);
  if (reader.left > 0) throw new MismatchError('bytes are left over');
  return value;
}

function readType(type: AvroType, reader: ByteReader): Json {
  reader.value();
  switch (type.kind) {
    case 'null':
      return null;
    case 'boolean':
      return readBoolean(reader);
    case 'int':
    case 'long':
      return logicalInteger(reader.zigzag(), type.logical);
    case 'float':
      return toFinite(reader.take(4).readFloatLE());
    case 'double':
      return toFinite(reader.take(8).readDoubleLE());
    case 'string':
      return reader.text(reader.zigzag());
    case 'bytes':
      return readBytes(reader, reader.zigzag(), type.logical);
    case 'fixed':
      return readBytes(reader, type.size, type.logical);
    case 'enum':
      return chosen(type.symbols, reader);
    case 'union':
      return reader.nested(() => readType(chosen(type.branches, reader), reader));
    case 'array':
      return reader.nested(() => readArray(type.items, reader));
    case 'map':
      return reader.nested(() => readMap(type.items, reader));
    case 'record':
      return reader.nested(() => {
        const record: Draft = {};
        for (const field of type.fields) setOwn(record, field.name, readType(field.type, reader));
        return record;
      });
  }
}

/** Digits behind the point are made of no bytes, up to a thousand for each decimal: so many count as one more value. */
const DIGITS_PER_VALUE = 16;

function readBytes(reader: ByteReader, length: number | bigint, logical: AvroLogical | null): Json {
  if (logical?.name === 'decimal' && logical.scale > 0) reader.value(Math.floor(logical.scale / DIGITS_PER_VALUE));
  return logicalBytes(reader.take(length), logical);
}

function readBoolean(reader: ByteReader): boolean {
  const byte = reader.byte();
  if (byte > 1) throw new MismatchError('a boolean is neither 0 nor 1');
  return byte === 1;
}

function chosen<T>(from: readonly T[], reader: ByteReader): T {
  const found = from[Number(reader.zigzag())];
  if (found === undefined) throw new MismatchError('there is no branch or symbol of that number');
  return found;
}

function readArray(items: AvroType, reader: ByteReader): Json {
  const array: Json[] = [];
  eachItem(reader, () => array.push(readType(items, reader)));
  return array;
}

function readMap(values: AvroType, reader: ByteReader): Json {
  const map: Draft = {};
  eachItem(reader, () => setOwn(map, reader.text(reader.zigzag()), readType(values, reader)));
  return map;
}

/** Blocks of items until an empty one; a negative count stands before the length of its block. */
function eachItem(reader: ByteReader, read: () => void): void {
  for (let count = Number(reader.zigzag()); count !== 0; count = Number(reader.zigzag())) {
    if (count < 0) reader.zigzag();
    for (let left = Math.abs(count); left > 0; left -= 1) read();
  }
}
