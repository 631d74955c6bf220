import { isJsonObject, type Json } from '../model/json.ts';
import { ByteReader, toExact, toFinite } from './byte-reader.ts';
import { MismatchError } from './mismatch.ts';
import { type Draft, setOwn } from './own-field.ts';
import { asWellKnown } from './protobuf-known.ts';
import type { ProtobufField, ProtobufKind, ProtobufMessage, ProtobufScalar } from './protobuf-schema.ts';

/** How the bytes of a field are laid out, whatever its type: the three lowest bits of its tag. */
const [VARINT, FIXED64, LENGTH, GROUP, GROUP_END, FIXED32] = [0, 1, 2, 3, 4, 5] as const;

/**
 * A message in Protobuf's binary encoding, fields by their names in the `.proto`. Fields that are not there stay out,
 * unknown ones are skipped, enums are names, bytes base64; of a field that comes twice the last counts. Throws
 * `MismatchError`.
 */
export function readProtobuf(message: ProtobufMessage, bytes: Buffer): Json {
  return readMessage(message, new ByteReader(bytes), bytes.length, null);
}

/** Up to the offset `end`, or up to the end of group `group`. */
function readMessage(message: ProtobufMessage, reader: ByteReader, end: number, group: number | null): Json {
  reader.value();
  const values: Draft = {};
  while (group !== null || reader.at < end) {
    const { number, wire } = readTag(reader);
    if (wire === GROUP_END) {
      if (number !== group) throw new MismatchError('a group ends that did not begin');
      return asWellKnown(message.name, values);
    }
    const field = message.fields.get(number);
    if (field === undefined) skip(reader, wire);
    else readField(field, values, reader, number, wire);
  }
  if (reader.at !== end) throw new MismatchError('a message goes on past its end');
  return asWellKnown(message.name, values);
}

function readTag(reader: ByteReader): { number: number; wire: number } {
  const tag = Number(reader.varint());
  const number = Math.floor(tag / 8);
  if (number < 1 || number > 0x1fffffff) throw new MismatchError('a field has an impossible number');
  return { number, wire: tag % 8 };
}

function readField(field: ProtobufField, into: Draft, reader: ByteReader, number: number, wire: number): void {
  if (field.mapKey !== null) {
    readEntry(field, field.mapKey, into, reader, wire);
    return;
  }
  if (!field.repeated) {
    setOwn(into, field.name, readKind(field.of, reader, number, wire));
    return;
  }
  const items = listUnder(into, field.name);
  const packed = wire === LENGTH && wireOf(field.of) !== LENGTH;
  if (!packed) {
    items.push(readKind(field.of, reader, number, wire));
    return;
  }
  const end = endAfter(reader);
  while (reader.at < end) items.push(readKind(field.of, reader, number, wireOf(field.of)));
  if (reader.at !== end) throw new MismatchError('a packed list goes on past its end');
}

/** An entry of a map: a message of a key (1) and a value (2), each with its default where it is not there. */
function readEntry(field: ProtobufField, keyOf: ProtobufScalar, into: Draft, reader: ByteReader, wire: number): void {
  if (wire !== LENGTH) throw new MismatchError('an entry of a map is no message');
  const map = mapUnder(into, field.name);
  const end = endAfter(reader);
  let key: Json = keyOf === 'string' ? '' : keyOf === 'bool' ? false : 0;
  let value: Json = null;
  while (reader.at < end) {
    const tag = readTag(reader);
    if (tag.number === 1) key = readKind({ kind: 'scalar', scalar: keyOf }, reader, 1, tag.wire);
    else if (tag.number === 2) value = readKind(field.of, reader, 2, tag.wire);
    else skip(reader, tag.wire);
  }
  if (reader.at !== end) throw new MismatchError('an entry of a map goes on past its end');
  setOwn(map, String(key), value);
}

function readKind(of: ProtobufKind, reader: ByteReader, number: number, wire: number): Json {
  if (of.kind === 'message') return reader.nested(() => readInner(of.message, reader, number, wire));
  if (wire !== wireOf(of)) throw new MismatchError('a field is encoded otherwise than its type');
  reader.value();
  if (of.kind === 'scalar') return readScalar(of.scalar, reader);
  const value = Number(signed(reader.varint(), 32));
  return of.names.get(value) ?? value;
}

function readInner(message: ProtobufMessage, reader: ByteReader, number: number, wire: number): Json {
  if (wire === GROUP) return readMessage(message, reader, reader.at + reader.left, number);
  if (wire !== LENGTH) throw new MismatchError('a message is encoded as a number');
  return readMessage(message, reader, endAfter(reader), null);
}

function readScalar(scalar: ProtobufScalar, reader: ByteReader): Json {
  switch (scalar) {
    case 'double':
      return toFinite(reader.take(8).readDoubleLE());
    case 'float':
      return toFinite(reader.take(4).readFloatLE());
    case 'fixed32':
      return reader.take(4).readUInt32LE();
    case 'sfixed32':
      return reader.take(4).readInt32LE();
    case 'fixed64':
      return toExact(reader.take(8).readBigUInt64LE());
    case 'sfixed64':
      return toExact(reader.take(8).readBigInt64LE());
    case 'int32':
      return signed(reader.varint(), 32);
    case 'int64':
      return signed(reader.varint(), 64);
    case 'uint32':
      return Number(BigInt.asUintN(32, BigInt(reader.varint())));
    case 'uint64':
      return toExact(BigInt(reader.varint()));
    case 'sint32':
    case 'sint64':
      return reader.zigzag();
    case 'bool':
      return Number(reader.varint()) !== 0;
    case 'string':
      return reader.text(reader.varint());
    case 'bytes':
      return reader.take(reader.varint()).toString('base64');
  }
}

/** Negative numbers are written as ten bytes of their two's complement. */
function signed(value: number | bigint, bits: number): number | bigint {
  if (typeof value === 'number' && value < 2 ** 31) return value;
  return toExact(BigInt.asIntN(bits, BigInt(value)));
}

function wireOf(of: ProtobufKind): number {
  if (of.kind === 'enum') return VARINT;
  if (of.kind === 'message') return LENGTH;
  switch (of.scalar) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return FIXED64;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return FIXED32;
    case 'string':
    case 'bytes':
      return LENGTH;
    default:
      return VARINT;
  }
}

function skip(reader: ByteReader, wire: number): void {
  if (wire === VARINT) reader.varint();
  else if (wire === FIXED64) reader.take(8);
  else if (wire === LENGTH) reader.take(reader.varint());
  else if (wire === FIXED32) reader.take(4);
  else if (wire === GROUP) reader.nested(() => skipGroup(reader));
  else throw new MismatchError('a field is encoded in no known way');
}

function skipGroup(reader: ByteReader): void {
  for (let tag = readTag(reader); tag.wire !== GROUP_END; tag = readTag(reader)) skip(reader, tag.wire);
}

function endAfter(reader: ByteReader): number {
  const length = Number(reader.varint());
  if (length > reader.left) throw new MismatchError('the bytes end early');
  return reader.at + length;
}

/** The list begun under a name; a field of one name has one type, so what lies there is a list of ours. */
function listUnder(into: Draft, name: string): Json[] {
  const found = Object.hasOwn(into, name) ? into[name] : undefined;
  if (Array.isArray(found)) return found as Json[];
  const made: Json[] = [];
  setOwn(into, name, made);
  return made;
}

/** The map begun under a name, likewise. */
function mapUnder(into: Draft, name: string): Draft {
  const found = Object.hasOwn(into, name) ? into[name] : undefined;
  if (isJsonObject(found)) return found as Draft;
  const made: Draft = {};
  setOwn(into, name, made);
  return made;
}
