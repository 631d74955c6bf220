import type { Pool, PoolClient } from 'pg';
import type { MergedDay, MergeStore } from '../../ports/merge-store.ts';
import { LOCKS } from '../locks.ts';
import { isHeld } from '../sql-state.ts';
import { inTransaction } from '../transaction.ts';
import { copyChunk } from './copy-chunk.ts';
import { swapDay } from './swap-day.ts';

/** A day is over for good this long after its end: a tap whose clock is late may still have stored into it. */
const OVER_AFTER = '1 hour';

/** Days with at least this many records a segment are left alone. */
const WORTH_BELOW = 16;

export interface MergeOptions {
  readonly pool: Pool;
  /** Readers that began before the copy was finished must have ended when it takes the day's place. */
  readonly restMs?: number;
}

interface DayRow {
  day: string;
  state: 'building' | 'built';
  rested: boolean;
}

/** Merging on PostgreSQL: the copy of a day grows beside it, in small transactions that go on where they stopped. */
export function createMergeStore({ pool, restMs = 120_000 }: MergeOptions): MergeStore {
  return {
    step: () =>
      inTransaction(pool, async (client) => {
        // Shared with retention: a day is never merged while it is dropped.
        const { rows: locks } = await client.query<{ mine: boolean }>(
          'select pg_try_advisory_xact_lock($1, 0) as mine',
          [LOCKS.days],
        );
        if (locks[0]?.mine !== true || (await isRewritten(client))) return 'idle';
        const { rows } = await client.query<DayRow>(NEXT, [restMs]);
        const [next] = rows;
        if (next === undefined) return (await begin(client)) ? 'working' : 'idle';
        if (next.state === 'building') {
          await copyChunk(client, next.day);
          return 'working';
        }
        return next.rested ? swap(client, next.day) : 'idle';
      }),
  };
}

/** A job that reads events again rewrites the traces of segments: a copy made now would have those of before. */
async function isRewritten(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ running: boolean }>(
    `select exists (select from job where state = 'running' and kind = 're-resolve') as running`,
  );
  return rows[0]?.running === true;
}

// One day at a time, the one begun first.
const NEXT = `
  select day::text, state, built_at <= now() - $1 * interval '1 millisecond' as rested
  from segment_merge where state in ('building', 'built') order by day limit 1`;

/** Takes the newest day that is over and was not looked at yet. */
async function begin(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ day: string }>(FIND_DAY);
  const [found] = rows;
  if (found === undefined) return false;
  const { rows: sizes } = await client.query<{ segments: string; worth: boolean }>(
    `select count(*) as segments, count(*) > 1 and avg(record_count) < ${WORTH_BELOW} as worth
     from segment where stored_day = $1::date`,
    [found.day],
  );
  const worth = sizes[0]?.worth === true;
  await client.query(
    `insert into segment_merge (day, state, segments_before, bytes_before) select $1::date, $2, $3,
      (select sum(pg_total_relation_size(to_regclass(period_table(t, 'day', $1::date)))) from unnest(array['segment', 'segment_bytes']) t)`,
    [found.day, worth ? 'building' : 'not worth it', sizes[0]?.segments ?? 0],
  );
  if (worth) {
    for (const table of ['segment', 'segment_bytes']) {
      await client.query(`create table if not exists ${table}_merged (like ${table} including all)`);
    }
  }
  return true;
}

const FIND_DAY = `
  select day::text from (
    select to_date(substring(c.relname from '\\d+$'), 'YYYYMMDD') as day
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'segment_bytes'::regclass
  ) d
  where (day + 1)::timestamp at time zone 'utc' < now() - interval '${OVER_AFTER}'
    and not exists (select from segment_merge m where m.day = d.day)
    and not exists (select from expired_day x where x.day = d.day and x.kept_as <> 'aggregates')
  order by day desc limit 1`;

/** The one moment that others wait for: at most `SWAP_WAIT` and what the swap itself takes. */
async function swap(client: PoolClient, day: string): Promise<'idle' | 'working' | MergedDay> {
  await client.query('savepoint swap');
  try {
    return (await swapDay(client, day)) ?? 'working';
  } catch (error) {
    if (!isHeld(error)) throw error;
    await client.query('rollback to savepoint swap');
    return 'idle';
  }
}
