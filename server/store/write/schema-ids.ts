import { hash } from 'node:crypto';
import type { PreparedEvent } from '../../model/event.ts';
import type { SchemaIdentity } from '../../model/schema-check.ts';
import { storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';
import { ObjectIds } from './object-ids.ts';

/** The id of a schema that was resolved, 0 for none; throws for any other. */
export type SchemaIdOf = (schema: SchemaIdentity | null) => number;

const LONGEST_TEXT = 500;

/** Every schema that events name. */
export function schemasOf(events: readonly PreparedEvent[], into: Set<SchemaIdentity>): void {
  for (const { check } of events) {
    if (check.schema !== null) into.add(check.schema);
    for (const { schema } of check.errors) if (schema !== null) into.add(schema);
  }
}

/** Schemas as small ids; a process remembers as many as two sets may have. */
export class SchemaIds {
  readonly #workspaceId: number;
  readonly #ids: ObjectIds<SchemaIdentity>;

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
    this.#ids = new ObjectIds(workspaceId, { table: 'schema', most: 4_000, digestOf });
  }

  /** Finds or makes every one of them. */
  async resolve(client: Queryable, schemas: ReadonlySet<SchemaIdentity>): Promise<SchemaIdOf> {
    const idOf = await this.#ids.resolve(client, schemas, (wanted) => {
      const texts = (of: (schema: SchemaIdentity) => string | null) =>
        wanted.map(({ thing }) => {
          const text = of(thing);
          return text === null ? null : storableText(text, LONGEST_TEXT);
        });
      return client.query(INSERT, [
        this.#workspaceId,
        wanted.map(({ digest }) => digest),
        texts(({ name }) => name),
        texts(({ title }) => title),
        texts(({ version }) => version),
        texts(({ origin }) => origin),
        texts(({ contentHash }) => contentHash),
      ]);
    });
    return (schema) => (schema === null ? 0 : idOf(schema));
  }
}

function digestOf({ name, title, version, origin, contentHash }: SchemaIdentity): Buffer {
  return hash('sha256', JSON.stringify([name, title, version, origin, contentHash]), 'buffer');
}

const INSERT = `
  insert into schema (workspace_id, digest, name, title, version, origin, content_hash)
  select $1, digest, name, title, version, origin, content_hash
  from unnest($2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality
    as w(digest, name, title, version, origin, content_hash, place)
  where not exists (select from schema s where s.workspace_id = $1 and s.digest = w.digest)
  order by place
  on conflict (workspace_id, digest) do nothing`;
