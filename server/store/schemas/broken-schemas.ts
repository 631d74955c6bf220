import type { Pool } from 'pg';
import type { RegistrySchema } from '../../model/registry-schema.ts';

/** What became of a schema of a registry when somebody tried to use it: null when it can be used. */
export type Unusable = { readonly line: number; readonly reason: string } | null;

/** Remembers for pages whether anything can be held against a schema of a registry. */
export async function noteUsability(
  pool: Pick<Pool, 'query'>,
  { registry, id }: Pick<RegistrySchema, 'registry' | 'id'>,
  unusable: Unusable,
): Promise<void> {
  const broken = unusable === null ? null : JSON.stringify({ line: unusable.line, reason: unusable.reason });
  await pool.query(
    'update registry_schema set broken = $3::jsonb where registry = $1 and schema_id = $2 and broken is distinct from $3::jsonb',
    [registry, String(id), broken],
  );
}
