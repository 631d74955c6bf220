import type { Json } from '../model/json.ts';
import type { RegistrySchema } from '../model/registry-schema.ts';
import { compileAvro } from './avro-schema.ts';
import { ByteReader } from './byte-reader.ts';
import { decodeExactly } from './exact-numbers.ts';
import { MismatchError, UnusableSchemaError } from './mismatch.ts';
import { parseJsonBytes } from './parse-json.ts';
import { compileProtobuf, type ProtobufSchema } from './protobuf-schema.ts';
import { readAvro } from './read-avro.ts';
import { readProtobuf } from './read-protobuf.ts';
import type { Frame } from './wire-frame.ts';

/** Reads a framed value. Throws `MismatchError` for its bytes, `UnusableSchemaError` for its schema. */
export type SchemaReader = (frame: Frame) => Json;

/** Compiled schemas, the most recently used of them. */
export interface SchemaReaders {
  /** Throws `UnusableSchemaError`, the second time without looking at the schema again. */
  readerOf(schema: RegistrySchema): SchemaReader;
}

const MAX_READERS = 500;
/** Characters of a schema with all it refers to. */
const MAX_SCHEMA_CHARS = 2_000_000;
/** Characters of all schemas that are held compiled: each takes some ten times its text. */
const MAX_HELD_CHARS = 8_000_000;
/** Message indexes of one record: messages do not lie deeper in each other. */
const MAX_INDEXES = 100;

interface Held {
  readonly reader: SchemaReader | UnusableSchemaError;
  readonly chars: number;
}

/** Makes an empty, bounded set of compiled schemas; one per process is enough. */
export function createSchemaReaders(): SchemaReaders {
  const held = new Map<string, Held>();
  let chars = 0;
  const drop = (key: string, { chars: dropped }: Held): void => {
    held.delete(key);
    chars -= dropped;
  };
  return {
    readerOf(schema) {
      const key = `${schema.registry} ${schema.id}`;
      const found = held.get(key) ?? compiled(schema);
      if (held.has(key)) drop(key, found);
      held.set(key, found);
      chars += found.chars;
      for (const [oldest, each] of held) {
        if (held.size <= MAX_READERS && chars <= MAX_HELD_CHARS) break;
        drop(oldest, each);
      }
      if (found.reader instanceof UnusableSchemaError) throw found.reader;
      return found.reader;
    },
  };
}

function compiled(schema: RegistrySchema): Held {
  const chars = schema.references.reduce((sum, { text }) => sum + text.length, schema.text.length);
  try {
    if (chars > MAX_SCHEMA_CHARS) throw new UnusableSchemaError('the schema is too large');
    return { reader: compile(schema), chars };
  } catch (error) {
    if (error instanceof UnusableSchemaError) return { reader: error, chars: 0 };
    // A schema that nests too deep for the parser's stack.
    if (error instanceof RangeError) return { reader: new UnusableSchemaError('the schema is too deep'), chars: 0 };
    throw error;
  }
}

function compile({ type, text, references }: RegistrySchema): SchemaReader {
  switch (type) {
    case 'AVRO': {
      const avro = compileAvro(text, references);
      return ({ bare, rest }) => readAvro(avro, bare ?? rest);
    }
    case 'PROTOBUF':
      return protobufReader(compileProtobuf(text, references));
    case 'JSON':
      return ({ bare, rest }) => {
        const bytes = bare ?? rest;
        const value = decodeExactly(bytes) ?? parseJsonBytes(bytes);
        if (value === undefined) throw new MismatchError('the value is no JSON');
        return value;
      };
  }
}

function protobufReader(schema: ProtobufSchema): SchemaReader {
  return ({ bare, rest }) => {
    const reader = new ByteReader(rest);
    // A header may name the schema alone: then it is its first message.
    const path = bare !== null && rest.length === 0 ? [0] : messagePath(reader);
    const message = schema.message(path);
    if (message === null) throw new MismatchError('there is no such message', 'no such message');
    return readProtobuf(message, bare ?? rest.subarray(reader.at));
  };
}

/** How many indexes, then each, as signed integers; a single 0 stands for the first message. */
function messagePath(reader: ByteReader): readonly number[] {
  const count = Number(reader.zigzag());
  if (count === 0) return [0];
  if (count < 0 || count > MAX_INDEXES) throw new MismatchError('an impossible path of messages', 'no such message');
  return Array.from({ length: count }, () => Number(reader.zigzag()));
}
