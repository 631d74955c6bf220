import { hash } from 'node:crypto';
import type { PreparedEvent } from '../../model/event.ts';
import type { SchemaIdentity } from '../../model/schema-check.ts';
import { storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';

/** The id of a schema that was resolved, 0 for none; throws for any other. */
export type SchemaIdOf = (schema: SchemaIdentity | null) => number;

/** Most schemas that a process remembers: as many as one set may have. */
const CACHE_LIMIT = 4_000;
const LONGEST_TEXT = 500;

/** Every schema that events name. */
export function schemasOf(events: readonly PreparedEvent[], into: Set<SchemaIdentity>): void {
  for (const { check } of events) {
    if (check.schema !== null) into.add(check.schema);
    for (const { schema } of check.errors) if (schema !== null) into.add(schema);
  }
}

/**
 * Schemas as small ids, as `ResolutionIds` has resolutions: the pipeline hands over one object for each, and an id is
 * remembered only once the statement that made it has committed.
 */
export class SchemaIds {
  readonly #workspaceId: number;
  readonly #ids = new Map<SchemaIdentity, number>();

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Finds or makes every one of them. */
  async resolve(client: Queryable, schemas: ReadonlySet<SchemaIdentity>): Promise<SchemaIdOf> {
    const found = new Map<SchemaIdentity, number>();
    const missing: SchemaIdentity[] = [];
    for (const schema of schemas) {
      const id = this.#ids.get(schema);
      if (id === undefined) missing.push(schema);
      else found.set(schema, id);
    }
    if (missing.length > 0) await this.#load(client, missing, found);
    return (schema) => {
      if (schema === null) return 0;
      const id = found.get(schema);
      if (id === undefined) throw new Error('schema was not resolved');
      return id;
    };
  }

  async #load(
    client: Queryable,
    missing: readonly SchemaIdentity[],
    found: Map<SchemaIdentity, number>,
  ): Promise<void> {
    const wanted = missing.map((schema) => ({ schema, digest: digestOf(schema) }));
    // One order for all writers: concurrent inserts of the same rows wait for each other and never deadlock.
    wanted.sort((a, b) => Buffer.compare(a.digest, b.digest));
    const texts = (of: (schema: SchemaIdentity) => string | null) =>
      wanted.map(({ schema }) => {
        const text = of(schema);
        return text === null ? null : storableText(text, LONGEST_TEXT);
      });
    const digests = wanted.map(({ digest }) => digest);
    await client.query(INSERT, [
      this.#workspaceId,
      digests,
      texts(({ name }) => name),
      texts(({ title }) => title),
      texts(({ version }) => version),
      texts(({ origin }) => origin),
      texts(({ contentHash }) => contentHash),
    ]);
    const { rows } = await client.query<{ place: number; id: number }>(SELECT, [this.#workspaceId, digests]);
    for (const { place, id } of rows) {
      const entry = wanted[place - 1];
      if (entry === undefined) continue;
      found.set(entry.schema, id);
      this.#ids.set(entry.schema, id);
      const [oldest] = this.#ids.keys();
      if (this.#ids.size > CACHE_LIMIT && oldest !== undefined) this.#ids.delete(oldest);
    }
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

const SELECT = `
  select w.place::int, s.id
  from unnest($2::bytea[]) with ordinality as w(digest, place)
  join schema s on s.workspace_id = $1 and s.digest = w.digest`;
