import { hash } from 'node:crypto';
import { LABEL_LIMIT, storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';

const NAME_KINDS = ['event type', 'service', 'dialect'] as const;

export type NameKind = (typeof NAME_KINDS)[number];

export interface Name {
  readonly kind: NameKind;
  readonly text: string;
}

/** The id of a name that was resolved; throws for any other. */
export type IdOf = (kind: NameKind, text: string) => number;

/** Most names of a kind that a process remembers; those that were resolved longest ago leave first. */
const CACHE_LIMIT = 20_000;

/** SHA-256 of the whole text: what a name is known by. */
export function nameDigest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/**
 * Names that repeat as small ids. Must be resolved outside a transaction: an id is remembered only after the statement
 * that made it has committed, so a rollback never leaves one that does not exist.
 */
export class NameIds {
  readonly #workspaceId: number;
  readonly #ids = mapsByKind();

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Finds or makes every name; the answer then knows each of them. */
  async resolve(client: Queryable, names: NameCollector): Promise<IdOf> {
    const found = mapsByKind();
    const missing: Name[] = [];
    for (const { kind, text } of names.all()) {
      const id = this.#ids[kind].get(cacheKey(text));
      if (id === undefined) missing.push({ kind, text });
      else this.#remember(found, { kind, text }, id);
    }
    if (missing.length > 0) await this.#load(client, missing, found);
    return (kind, text) => {
      const id = found[kind].get(text);
      if (id === undefined) throw new Error(`name was not resolved: ${kind}`);
      return id;
    };
  }

  async #load(client: Queryable, missing: readonly Name[], found: IdMaps): Promise<void> {
    const wanted = missing.map((name) => ({ name, digest: nameDigest(name.text) }));
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
      if (entry !== undefined) this.#remember(found, entry.name, row.id);
    }
  }

  #remember(found: IdMaps, { kind, text }: Name, id: number): void {
    found[kind].set(text, id);
    const ids = this.#ids[kind];
    const key = cacheKey(text);
    ids.delete(key);
    ids.set(key, id);
    const [oldest] = ids.keys();
    if (ids.size > CACHE_LIMIT && oldest !== undefined) ids.delete(oldest);
  }
}

/** The distinct names of a batch, each added as often as it occurs. */
export class NameCollector {
  readonly #texts: Record<NameKind, Set<string>> = {
    'event type': new Set(),
    service: new Set(),
    dialect: new Set(),
  };

  add(kind: NameKind, text: string): void {
    this.#texts[kind].add(text);
  }

  *all(): Generator<Name> {
    for (const kind of NAME_KINDS) for (const text of this.#texts[kind]) yield { kind, text };
  }
}

type IdMaps = Readonly<Record<NameKind, Map<string, number>>>;

function mapsByKind(): IdMaps {
  return { 'event type': new Map(), service: new Map(), dialect: new Map() };
}

/** Long texts are known by their digest, so that the cache stays small. */
function cacheKey(text: string): string {
  return text.length <= LABEL_LIMIT ? text : `${text.length}\0${nameDigest(text).toString('base64')}`;
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
