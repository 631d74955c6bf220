import { type Evidence, evidenceFromCode } from '../../../model/evidence.ts';
import { SERIES_KINDS, type SeriesKind } from '../../../model/series.ts';
import type { Queryable } from '../../transaction.ts';

/** A series with its names. '' stands for no family, null for no type and no service. */
export interface Series {
  readonly id: number;
  readonly kind: SeriesKind;
  readonly evidence: Evidence;
  readonly causeType: string | null;
  readonly effectType: string | null;
  readonly effectService: string | null;
  readonly causeFamily: string;
  readonly effectFamily: string;
}

/** Most series that are remembered; a row of `series` never changes. */
const MOST_REMEMBERED = 50_000;

/** The names of series, each read once. */
export class SeriesNames {
  readonly #workspaceId: number;
  readonly #known = new Map<number, Series>();

  constructor(workspaceId: number) {
    this.#workspaceId = workspaceId;
  }

  /** Answers what tells a series of these by its id; none of another workspace. */
  async resolve(client: Queryable, ids: ReadonlySet<number>): Promise<ReadonlyMap<number, Series>> {
    const missing = [...ids].filter((id) => !this.#known.has(id));
    const read = missing.length === 0 ? [] : await readSeries(client, this.#workspaceId, missing);
    const fresh = new Map(read.map((series) => [series.id, series]));
    const known = this.#known;
    const answer = new Map<number, Series>();
    for (const id of ids) {
      const series = known.get(id) ?? fresh.get(id);
      if (series !== undefined) answer.set(id, series);
    }
    for (const series of read) known.set(series.id, series);
    for (const id of known.keys()) {
      if (known.size <= MOST_REMEMBERED) break;
      known.delete(id);
    }
    return answer;
  }
}

interface SeriesRow {
  id: number;
  kind: number;
  evidence: number;
  cause_type: string | null;
  effect_type: string | null;
  effect_service: string | null;
  cause_family: string;
  effect_family: string;
}

async function readSeries(client: Queryable, workspaceId: number, ids: readonly number[]): Promise<readonly Series[]> {
  const { rows } = await client.query<SeriesRow>(
    `select s.id, s.kind, s.evidence, ct.label as cause_type, et.label as effect_type, es.label as effect_service,
       s.cause_family, s.effect_family
     from series s left join name ct on ct.id = s.cause_type_id left join name et on et.id = s.effect_type_id
     left join name es on es.id = s.effect_service_id
     where s.workspace_id = $1 and s.id = any($2::int[])`,
    [workspaceId, ids],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: kindFromCode(row.kind),
    evidence: evidenceFromCode(row.evidence),
    causeType: row.cause_type,
    effectType: row.effect_type,
    effectService: row.effect_service,
    causeFamily: row.cause_family,
    effectFamily: row.effect_family,
  }));
}

function kindFromCode(code: number): SeriesKind {
  const kinds = Object.keys(SERIES_KINDS) as SeriesKind[];
  const kind = kinds.find((each) => SERIES_KINDS[each] === code);
  if (kind === undefined) throw new RangeError(`unknown kind of series ${code}`);
  return kind;
}
