import type { RegistrySchema } from '../model/registry-schema.ts';
import { type CompiledSchema, compileSchema, type KnownDocuments } from './compile-schema.ts';
import { type BrokenSchema, readSchemaFile, resolveAddress, type SchemaDocument } from './schema-document.ts';

/** Says yes to everything: what Avro and Protobuf rule was looked at when the value was read. */
const ANYTHING = 'true';

/**
 * Compiles a schema of a registry within the limits of files. Of JSON Schema with all that it refers to, each by the name it
 * is referred to by or its own address; of Avro and Protobuf nothing is left to check. Never throws, and fetches nothing.
 */
export function compileRegistrySchema(schema: RegistrySchema): CompiledSchema | BrokenSchema {
  const text = schema.type === 'JSON' ? schema.text : ANYTHING;
  // As a file of a name that nothing refers to.
  const document = readSchemaFile({ name: `schema id ${schema.id}`, text, origin: 'registry' });
  if (document.kind === 'broken') return document;
  return compileSchema(document, schema.type === 'JSON' ? referredTo(document, schema) : new Map());
}

/** What a schema refers to, by each address that may mean it: a name counts from whichever document it stands in. */
function referredTo(main: SchemaDocument, { references }: RegistrySchema): KnownDocuments {
  const known = new Map<string, SchemaDocument | BrokenSchema>();
  const learn = (address: string | undefined, document: SchemaDocument | BrokenSchema): void => {
    if (address !== undefined && !known.has(address)) known.set(address, document);
  };
  const read = references.map(({ name, text }) => readSchemaFile({ name, text, origin: 'registry' }));
  const bases = new Set([main.address]);
  for (const document of read) {
    if (document.kind === 'broken') continue;
    bases.add(document.address);
    learn(document.address, document);
  }
  for (const base of bases) {
    for (const document of read) learn(resolveAddress(document.name, base)?.document, document);
  }
  return known;
}
