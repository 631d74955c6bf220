import type { Pool } from 'pg';
import type { SchemaId } from '../../model/decoded.ts';
import type { RegistrySchema, RegistrySubject, SchemaType } from '../../model/registry-schema.ts';
import type { SchemaStore } from '../../ports/schema-source.ts';

/** Schemas on PostgreSQL. */
export function createSchemaStore({ pool }: { readonly pool: Pool }): SchemaStore {
  return {
    async find(registries, ids) {
      if (ids.length === 0) return new Map();
      const { rows } = await pool.query<SchemaRow>(FIND, [ids.map(String), registries]);
      const byText = new Map(ids.map((id) => [String(id), id]));
      const found = new Map<SchemaId, { kind: 'found'; schema: RegistrySchema }>();
      for (const { registry, schema_id, type, body, refs, subjects } of rows) {
        const id = byText.get(schema_id);
        if (id === undefined) continue;
        found.set(id, {
          kind: 'found',
          schema: { registry, id, type, text: body, references: refs, ...(subjects !== null && { subjects }) },
        });
      }
      return found;
    },
    async keep(schemas) {
      for (const { registry, id, type, text, references, subjects } of schemas) {
        await pool.query(KEEP, [
          ...[registry, String(id), type, text, JSON.stringify(references)],
          subjects === undefined ? null : JSON.stringify(subjects),
        ]);
      }
    },
  };
}

interface SchemaRow {
  readonly registry: string;
  readonly schema_id: string;
  readonly type: SchemaType;
  readonly body: string;
  readonly refs: RegistrySchema['references'];
  readonly subjects: readonly RegistrySubject[] | null;
}

// One row for each id: the first of the registries named first, then the one that was kept last.
const FIND = `
  select distinct on (schema_id) registry, schema_id, type, body, refs, subjects from registry_schema
  where schema_id = any($1::text[])
  order by schema_id, array_position($2::text[], registry) nulls last, kept_at desc`;

// What a schema says never changes, but its names may have been told only later.
const KEEP = `
  insert into registry_schema (registry, schema_id, type, body, refs, subjects) values ($1, $2, $3, $4, $5, $6)
  on conflict (registry, schema_id) do update set subjects = excluded.subjects
    where registry_schema.subjects is null and excluded.subjects is not null`;
