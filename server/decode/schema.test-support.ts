import type { RegistrySchema, SchemaAnswer, SchemaType } from '../model/registry-schema.ts';
import { decodeValue } from './decode-value.ts';
import { createSchemaReaders } from './schema-readers.ts';

/** A value behind the five bytes that name schema 7, and behind `indexes` where there are some. */
export function framed(value: Uint8Array, indexes: readonly number[] = []): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, 0, 7, ...indexes]), value]);
}

/** Decodes values that name schema 7, which is this one. */
export function decoderOf(type: SchemaType, text: string, references: RegistrySchema['references'] = []) {
  const schema: RegistrySchema = { registry: 'http://registry', id: 7, type, text, references };
  const answers = new Map<number, SchemaAnswer>([[7, { kind: 'found', schema }]]);
  const readers = createSchemaReaders();
  return (value: Buffer) => decodeValue({ value, headers: [] }, answers, readers);
}
