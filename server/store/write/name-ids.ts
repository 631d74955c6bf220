import { createHash } from 'node:crypto';
import { LABEL_LIMIT, storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';

export type NameKind = 'event type' | 'service' | 'dialect';

export interface Name {
  readonly kind: NameKind;
  readonly text: string;
}

/** Most names a process remembers; the least recently used leave first. */
const CACHE_LIMIT = 20_000;

/** SHA-256 of the whole text: what a name is known by. */
export function nameDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Names that repeat as small ids. Must be resolved outside a transaction: an id is remembered only after the statement
 * that made it has committed, so a rollback never leaves one that does not exist.
 */
export class NameIds {
  readonly #workspaceId: number;
  readonly #ids = new Map<string, number>();

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Finds or makes every name; afterwards `idOf` of the answer knows each of them. */
  async resolve(client: Queryable, names: Iterable<Name>): Promise<(name: Name) => number> {
    const found = new Map<string, number>();
    const missing = new Map<string, Name>();
    for (const name of names) {
      const key = cacheKey(name);
      if (found.has(key) || missing.has(key)) continue;
      const id = this.#ids.get(key);
      if (id === undefined) missing.set(key, name);
      else this.#remember(found, key, id);
    }
    if (missing.size > 0) await this.#load(client, missing, found);
    return (name) => {
      const id = found.get(cacheKey(name));
      if (id === undefined) throw new Error(`name was not resolved: ${name.kind}`);
      return id;
    };
  }

  async #load(client: Queryable, missing: ReadonlyMap<string, Name>, found: Map<string, number>): Promise<void> {
    const wanted = [...missing].map(([key, name]) => ({ key, name, digest: nameDigest(name.text) }));
    // One order for all writers: concurrent inserts of the same names wait for each other and never deadlock.
    wanted.sort((a, b) => Buffer.compare(a.digest, b.digest));
    const params = [
      this.#workspaceId,
      wanted.map(({ name }) => name.kind),
      wanted.map(({ digest }) => digest),
      wanted.map(({ name }) => storableText(name.text, LABEL_LIMIT)),
    ];
    let rows = (await client.query<{ place: number; id: number }>(SELECT, params.slice(0, 3))).rows;
    if (rows.length < wanted.length) {
      await client.query(INSERT, params);
      rows = (await client.query<{ place: number; id: number }>(SELECT, params.slice(0, 3))).rows;
    }
    for (const row of rows) {
      const entry = wanted[row.place - 1];
      if (entry !== undefined) this.#remember(found, entry.key, row.id);
    }
  }

  #remember(found: Map<string, number>, key: string, id: number): void {
    found.set(key, id);
    this.#ids.delete(key);
    this.#ids.set(key, id);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > CACHE_LIMIT && oldest !== undefined) this.#ids.delete(oldest);
  }
}

/** Long texts are known by their digest, so that the cache stays small. */
function cacheKey(name: Name): string {
  const text = name.text.length <= LABEL_LIMIT ? name.text : nameDigest(name.text).toString('base64');
  return `${name.kind}\0${name.text.length}\0${text}`;
}

const SELECT = `
  select w.place::int, n.id
  from unnest($2::text[], $3::bytea[]) with ordinality as w(kind, digest, place)
  join name n on n.workspace_id = $1 and n.kind = w.kind and n.digest = w.digest`;

const INSERT = `
  insert into name (workspace_id, kind, digest, label)
  select $1, kind, digest, label
  from unnest($2::text[], $3::bytea[], $4::text[]) with ordinality as w(kind, digest, label, place)
  order by place
  on conflict (workspace_id, kind, digest) do nothing`;
