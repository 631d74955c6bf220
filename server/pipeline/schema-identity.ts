import { hash } from 'node:crypto';
import type { SchemaIdentity } from '../model/schema-check.ts';
import type { CompiledSchema } from '../schema/compile-schema.ts';
import type { SchemaSet } from '../schema/schema-set.ts';

/** A version of a schema, as events name it. */
export function schemaIdentity({ document }: CompiledSchema): SchemaIdentity {
  return {
    name: document.name,
    title: document.title,
    version: document.purpose.versionText,
    origin: document.origin,
    contentHash: hash('sha256', JSON.stringify(document.root, exactly), 'hex'),
  };
}

/**
 * A text that is the same exactly when events would be held against the same schemas: what each says, by what it is
 * found, and which comes first.
 */
export function schemaSetDigest({ schemas }: SchemaSet): string {
  const each = schemas.map((schema) => {
    const { address } = schema.document;
    const { name, title, version, origin, contentHash } = schemaIdentity(schema);
    return [address, name, title, version, origin, contentHash];
  });
  return hash('sha256', JSON.stringify(each), 'hex');
}

/** Integers beyond 2^53 are read as they are written; JSON knows of none. */
function exactly(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
