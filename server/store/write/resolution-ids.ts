import { hash } from 'node:crypto';
import type { Resolution } from '../../model/event.ts';
import type { Queryable } from '../transaction.ts';
import type { IdOf } from './name-ids.ts';

/** The id of a resolution that was resolved; throws for any other. */
export type ResolutionIdOf = (resolution: Resolution) => number;

/** Most resolutions that a process remembers; there are a few for each dialect. */
const CACHE_LIMIT = 10_000;

/**
 * Resolutions as small ids. The pipeline hands over the same object for the same rules, so nearly every look-up is by
 * identity. As with names, an id is remembered only once the statement that made it has committed.
 */
export class ResolutionIds {
  readonly #workspaceId: number;
  readonly #ids = new Map<Resolution, number>();

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Finds or makes every one of them; `idOf` knows the dialects' names. */
  async resolve(client: Queryable, resolutions: ReadonlySet<Resolution>, idOf: IdOf): Promise<ResolutionIdOf> {
    // Taken along here: what is remembered next, also for others meanwhile, may push them out.
    const found = new Map<Resolution, number>();
    const missing: Resolution[] = [];
    for (const resolution of resolutions) {
      const id = this.#ids.get(resolution);
      if (id === undefined) missing.push(resolution);
      else found.set(resolution, id);
    }
    if (missing.length > 0) await this.#load(client, missing, idOf, found);
    return (resolution) => {
      const id = found.get(resolution);
      if (id === undefined) throw new Error('resolution was not resolved');
      return id;
    };
  }

  async #load(
    client: Queryable,
    missing: readonly Resolution[],
    idOf: IdOf,
    found: Map<Resolution, number>,
  ): Promise<void> {
    const wanted = missing.map((resolution) => ({ resolution, digest: digestOf(resolution) }));
    // One order for all writers: concurrent inserts of the same rows wait for each other and never deadlock.
    wanted.sort((a, b) => Buffer.compare(a.digest, b.digest));
    const digests = wanted.map(({ digest }) => digest);
    await client.query(INSERT, [
      this.#workspaceId,
      digests,
      wanted.map(({ resolution }) => idOf('dialect', resolution.dialect)),
      wanted.map(({ resolution }) => JSON.stringify(resolution.origins)),
    ]);
    const { rows } = await client.query<{ place: number; id: number }>(SELECT, [this.#workspaceId, digests]);
    for (const { place, id } of rows) {
      const entry = wanted[place - 1];
      if (entry === undefined) continue;
      found.set(entry.resolution, id);
      this.#remember(entry.resolution, id);
    }
  }

  #remember(resolution: Resolution, id: number): void {
    this.#ids.set(resolution, id);
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > CACHE_LIMIT && oldest !== undefined) this.#ids.delete(oldest);
  }
}

/** SHA-256 over the dialect and the origins in the order of their fields' names. */
function digestOf({ dialect, origins }: Resolution): Buffer {
  return hash('sha256', JSON.stringify([dialect, Object.entries(origins).sort()]), 'buffer');
}

const INSERT = `
  insert into resolution (workspace_id, digest, dialect_id, origins)
  select $1, digest, dialect_id, origins::jsonb
  from unnest($2::bytea[], $3::int[], $4::text[]) with ordinality as w(digest, dialect_id, origins, place)
  where not exists (select from resolution r where r.workspace_id = $1 and r.digest = w.digest)
  order by place
  on conflict (workspace_id, digest) do nothing`;

const SELECT = `
  select w.place::int, r.id
  from unnest($2::bytea[]) with ordinality as w(digest, place)
  join resolution r on r.workspace_id = $1 and r.digest = w.digest`;
