import { hash } from 'node:crypto';
import type { Resolution } from '../../model/event.ts';
import type { Queryable } from '../transaction.ts';
import type { IdOf } from './name-ids.ts';
import { ObjectIds } from './object-ids.ts';

/** The id of a resolution that was resolved; throws for any other. */
export type ResolutionIdOf = (resolution: Resolution) => number;

/** Resolutions as small ids; there are a few for each dialect. */
export class ResolutionIds {
  readonly #workspaceId: number;
  readonly #ids: ObjectIds<Resolution>;

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
    this.#ids = new ObjectIds(workspaceId, { table: 'resolution', most: 10_000, digestOf });
  }

  /** Finds or makes every one of them; `idOf` knows the dialects' names. */
  resolve(client: Queryable, resolutions: ReadonlySet<Resolution>, idOf: IdOf): Promise<ResolutionIdOf> {
    return this.#ids.resolve(client, resolutions, (wanted) =>
      client.query(INSERT, [
        this.#workspaceId,
        wanted.map(({ digest }) => digest),
        wanted.map(({ thing }) => idOf('dialect', thing.dialect)),
        wanted.map(({ thing }) => JSON.stringify(thing.origins)),
      ]),
    );
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
