import type { PoolClient } from 'pg';
import { EVIDENCE } from '../../model/evidence.ts';
import { SERIES_KINDS, type SeriesKey } from '../../model/series.ts';

/** Most series that a process remembers; those met longest ago leave first. */
const MOST_REMEMBERED = 50_000;

/** Ids of series, found or made in the settling transaction. */
export interface SeriesIds {
  /** Of the very keys that were resolved. */
  readonly idOf: (key: SeriesKey) => number;
  /** Remembers them for the next settle. Only after the commit: a rollback must leave none that does not exist. */
  readonly remember: () => void;
}

/** Series as small ids. */
export class SeriesRegistry {
  readonly #workspaceId: number;
  readonly #ids = new Map<string, number>();

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  async resolve(client: PoolClient, keys: Iterable<SeriesKey>): Promise<SeriesIds> {
    const texts = new Map<SeriesKey, string>();
    const found = new Map<string, number>();
    const missing = new Map<string, SeriesKey>();
    for (const key of keys) {
      const text = textOf(key);
      texts.set(key, text);
      const id = this.#ids.get(text);
      if (id !== undefined) found.set(text, id);
      else missing.set(text, key);
    }
    if (missing.size > 0) await this.#load(client, missing, found);
    return {
      idOf: (key) => {
        const id = found.get(texts.get(key) ?? '');
        if (id === undefined) throw new Error('a series was not resolved');
        return id;
      },
      remember: () => this.#remember(found),
    };
  }

  async #load(client: PoolClient, missing: ReadonlyMap<string, SeriesKey>, found: Map<string, number>): Promise<void> {
    // One order for all settlers: those that make the same series wait for each other, and never in a circle.
    const entries = [...missing].sort(([a], [b]) => (a < b ? -1 : 1));
    const keys = entries.map(([, key]) => key);
    const values = valuesOf(this.#workspaceId, keys);
    const keep = (rows: readonly { place: number; id: number }[]) => {
      for (const { place, id } of rows) found.set(entries[place - 1]?.[0] ?? '', id);
    };
    const { rows } = await client.query<{ place: number; id: number }>(SELECT, values);
    keep(rows);
    if (rows.length === keys.length) return;
    await client.query(INSERT, values);
    keep((await client.query<{ place: number; id: number }>(SELECT, values)).rows);
  }

  #remember(found: ReadonlyMap<string, number>): void {
    for (const [text, id] of found) {
      this.#ids.delete(text);
      this.#ids.set(text, id);
    }
    for (const text of this.#ids.keys()) {
      if (this.#ids.size <= MOST_REMEMBERED) return;
      this.#ids.delete(text);
    }
  }
}

/** Tells the ids of series that exist; null for one that does not. */
export async function findSeries(
  client: PoolClient,
  workspaceId: number,
  keys: readonly SeriesKey[],
): Promise<(key: SeriesKey) => number | null> {
  const distinct = [...new Map(keys.map((key) => [textOf(key), key]))];
  const { rows } = await client.query<{ place: number; id: number }>(
    SELECT,
    valuesOf(
      workspaceId,
      distinct.map(([, key]) => key),
    ),
  );
  const ids = new Map(rows.map(({ place, id }) => [distinct[place - 1]?.[0], id]));
  return (key) => ids.get(textOf(key)) ?? null;
}

function valuesOf(workspaceId: number, keys: readonly SeriesKey[]): unknown[] {
  return [
    workspaceId,
    keys.map((key) => SERIES_KINDS[key.kind]),
    keys.map((key) => EVIDENCE[key.evidence]),
    keys.map((key) => key.causeTypeId),
    keys.map((key) => key.effectTypeId),
    keys.map((key) => key.effectServiceId),
    keys.map((key) => key.causeFamily),
    keys.map((key) => key.effectFamily),
  ];
}

/** Topic names hold no blanks, families none either. */
function textOf(key: SeriesKey): string {
  const ids = `${key.causeTypeId} ${key.effectTypeId} ${key.effectServiceId}`;
  return `${key.kind} ${key.evidence} ${ids} ${key.causeFamily} ${key.effectFamily}`;
}

const WANTED = `unnest($2::smallint[], $3::smallint[], $4::int[], $5::int[], $6::int[], $7::text[], $8::text[])
    with ordinality as w(kind, evidence, cause_type_id, effect_type_id, effect_service_id, cause_family, effect_family,
      place)`;

const SELECT = `
  select w.place::int, s.id from ${WANTED}
  join series s on s.workspace_id = $1 and s.kind = w.kind and s.evidence = w.evidence
    and s.cause_type_id = w.cause_type_id and s.effect_type_id = w.effect_type_id
    and s.effect_service_id = w.effect_service_id and s.cause_family = w.cause_family
    and s.effect_family = w.effect_family`;

const INSERT = `
  insert into series (workspace_id, kind, evidence, cause_type_id, effect_type_id, effect_service_id, cause_family,
    effect_family)
  select $1, kind, evidence, cause_type_id, effect_type_id, effect_service_id, cause_family, effect_family
  from ${WANTED} order by place on conflict do nothing`;
