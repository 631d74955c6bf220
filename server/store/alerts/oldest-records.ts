import type { Pool } from 'pg';
import { msSql } from './alert-rows.ts';

/** A partition from an offset on. */
export interface PlaceFrom {
  readonly incarnationId: number;
  readonly partition: number;
  readonly from: number;
}

/** Places looked up in one statement, and those that are remembered. */
const MOST_AT_ONCE = 500;
const MOST_REMEMBERED = 20_000;

export interface OldestRecords {
  /** Answers for each place the record timestamp of the first record from there on, epoch ms; null where none is stored. */
  find(places: readonly PlaceFrom[]): Promise<(place: PlaceFrom) => number | null>;
}

/** Looks up first records. What was found once is remembered: a record keeps its time. */
export function createOldestRecords(pool: Pick<Pool, 'query'>): OldestRecords {
  const known = new Map<string, number>();
  return {
    async find(places) {
      const unknown = places.filter((place) => !known.has(keyOf(place))).slice(0, MOST_AT_ONCE);
      if (unknown.length > 0) {
        const { rows } = await pool.query<PlaceFrom & { readonly at: number }>(FIRST, [
          unknown.map(({ incarnationId }) => incarnationId),
          unknown.map(({ partition }) => partition),
          unknown.map(({ from }) => from),
        ]);
        if (known.size + rows.length > MOST_REMEMBERED) known.clear();
        for (const row of rows) known.set(keyOf(row), row.at);
      }
      return (place) => known.get(keyOf(place)) ?? null;
    },
  };
}

function keyOf({ incarnationId, partition, from }: PlaceFrom): string {
  return `${incarnationId}/${partition}/${from}`;
}

// Events have no index on coordinates: the segment around the offset, or the next one, names their day and their traces.
const FIRST = `
  select q.incarnation_id as "incarnationId", q.partition, q.first::float8 as "from", ${msSql('e.recorded_at')} as at
  from unnest($1::int[], $2::int[], $3::bigint[]) as q(incarnation_id, partition, first)
  cross join lateral (
    select e.recorded_at from (
      (select stored_day, trace_keys from segment s where s.incarnation_id = q.incarnation_id
        and s.partition = q.partition and s.base_offset <= q.first order by s.base_offset desc limit 1)
      union all
      (select stored_day, trace_keys from segment s where s.incarnation_id = q.incarnation_id
        and s.partition = q.partition and s.base_offset > q.first order by s.base_offset limit 1)
    ) g join event e on e.stored_day = g.stored_day and e.trace_key = any(g.trace_keys)
      and e.incarnation_id = q.incarnation_id and e.partition = q.partition and e."offset" >= q.first
    order by e."offset" limit 1
  ) e`;
