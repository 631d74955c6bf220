import { isUtf8 } from 'node:buffer';
import type { Decoded, SchemaId, ValueFormat } from '../model/decoded.ts';
import type { Reason } from '../model/reason.ts';
import type { RegistrySchema, SchemaAnswer } from '../model/registry-schema.ts';
import { MismatchError, UnusableSchemaError } from './mismatch.ts';
import { parseJsonText } from './parse-json.ts';
import type { SchemaReaders } from './schema-readers.ts';
import { type Frame, frameOf, type ValueRecord } from './wire-frame.ts';

/** Values beyond this are kept raw: parsing one would hold the tap for seconds. Kafka's own limit is 1 MB by default. */
export const MAX_DECODED_BYTES = 24 * 1024 * 1024;

/** What is known of the schemas that records name. An id that is absent was not asked for: there is no registry. */
export type Schemas = ReadonlyMap<SchemaId, SchemaAnswer>;

/**
 * Decodes the value of a record: JSON, or Avro, Protobuf and JSON Schema by a registry's schema. Never throws: anything
 * else comes back with a typed reason.
 */
export function decodeValue(record: ValueRecord, schemas: Schemas, readers: SchemaReaders): Decoded {
  const { value } = record;
  if (value === null) return unreadable('no value');
  if (value.length === 0) return unreadable('empty value');
  if (value.length > MAX_DECODED_BYTES) return unreadable('too large to decode');
  const frame = frameOf(record);
  return (frame === null ? null : decodeFramed(frame, schemas, readers)) ?? decodePlain(value);
}

/** Null when no registry is there to ask, and only a header or a first byte of 1 says that one is meant. */
function decodeFramed(frame: Frame, schemas: Schemas, readers: SchemaReaders): Decoded | null {
  const { schemaId } = frame;
  const answer = schemas.get(schemaId) ?? { kind: 'no registry' };
  switch (answer.kind) {
    case 'found':
      return decodeBy(answer.schema, frame, readers);
    case 'unknown':
      return unreadable('unknown schema', schemaId);
    case 'unreachable':
      return unreadable('registry unreachable', schemaId);
    case 'unusable':
      return unreadable('unusable schema', schemaId);
    case 'no registry':
      return typeof schemaId === 'number' && frame.bare === null ? unreadable('no registry', schemaId) : null;
  }
}

const FORMATS: Record<RegistrySchema['type'], ValueFormat> = {
  AVRO: 'avro',
  PROTOBUF: 'protobuf',
  JSON: 'json schema',
};

function decodeBy(schema: RegistrySchema, frame: Frame, readers: SchemaReaders): Decoded {
  const { schemaId } = frame;
  try {
    return { kind: 'value', format: FORMATS[schema.type], value: readers.readerOf(schema)(frame), schemaId };
  } catch (error) {
    if (error instanceof MismatchError) return unreadable(error.reason, schemaId);
    if (error instanceof UnusableSchemaError) return unreadable('unusable schema', schemaId);
    throw error;
  }
}

function decodePlain(value: Buffer): Decoded {
  const likeJson = JSON_STARTS.has(firstByte(value));
  if (!isUtf8(value)) return unreadable(likeJson ? 'invalid utf-8' : 'binary');
  const text = value.toString('utf8');
  const parsed = parseJsonText(text);
  if (parsed !== undefined) return { kind: 'value', format: 'json', value: parsed, schemaId: null };
  if (likeJson) return unreadable('not json');
  return unreadable(CONTROLS.test(text.slice(0, LOOKED_AT)) ? 'binary' : 'plain text');
}

/** `{`, `[` and `"`: text that begins so is meant as JSON. */
const JSON_STARTS: ReadonlySet<number> = new Set([0x7b, 0x5b, 0x22]);
/** Characters that no text has, and bytes in most formats do. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f]/;
const LOOKED_AT = 4096;

/** The first byte past a byte order mark and white space; 0 without one. */
function firstByte(value: Buffer): number {
  const start = value[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf ? 3 : 0;
  for (let at = start; at < Math.min(value.length, LOOKED_AT); at += 1) {
    const byte = value[at] ?? 0;
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return byte;
  }
  return 0;
}

function unreadable(reason: Reason, schemaId: SchemaId | null = null): Decoded {
  return { kind: 'unreadable', reason, schemaId };
}
