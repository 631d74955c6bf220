import { type Micros, micros } from '../../model/time.ts';
import { microsSql, microsToSql, timeSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

/** Minutes over which arrivals are counted, and how many of them are a step of the trend. */
export const ARRIVAL_MINUTES = 60;
const STEP_MINUTES = 2;
const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;

/** What came into a queue lately. */
export interface QueueSums {
  /** Dead letters of the last hour, per step of two minutes, oldest first. */
  readonly trend: readonly number[];
  /** The fingerprint that most of the last day's have; null where none came. */
  readonly mainReason: string | null;
  readonly lastAt: Micros | null;
}

/** What came into some queues, by incarnation, from counts and the ends of an index. */
export async function readQueueSums(
  client: Queryable,
  incarnationIds: readonly number[],
  nowUs: Micros,
): Promise<(incarnationId: number) => QueueSums> {
  const steps = ARRIVAL_MINUTES / STEP_MINUTES;
  const minute = Math.floor(nowUs / MINUTE_US) * MINUTE_US;
  // The minute under way is the last of the hour.
  const from = micros(minute - (ARRIVAL_MINUTES - 1) * MINUTE_US);
  const arrivals = await client.query<{ incarnation_id: number; step: number; n: number }>(ARRIVALS, [
    incarnationIds,
    microsToSql(from),
    STEP_MINUTES * MINUTE_US,
  ]);
  const reasons = await client.query<{ incarnation_id: number; fingerprint: string }>(REASONS, [
    incarnationIds,
    microsToSql(micros(minute - DAY_US)),
  ]);
  const lasts = await client.query<{ incarnation_id: number; last_us: string | null }>(LASTS, [incarnationIds]);
  const reasonOf = new Map(reasons.rows.map((row) => [row.incarnation_id, row.fingerprint]));
  const lastOf = new Map(lasts.rows.map((row) => [row.incarnation_id, row.last_us]));
  const trends = new Map<number, number[]>();
  for (const { incarnation_id: id, step, n } of arrivals.rows) {
    const trend = trends.get(id) ?? new Array<number>(steps).fill(0);
    trends.set(id, trend);
    // A record stamped ahead of time is of now.
    trend[Math.min(step, steps - 1)] = (trend[Math.min(step, steps - 1)] ?? 0) + n;
  }
  return (id) => {
    const last = lastOf.get(id) ?? null;
    return {
      trend: trends.get(id) ?? new Array<number>(steps).fill(0),
      mainReason: reasonOf.get(id) ?? null,
      lastAt: last === null ? null : micros(Number(last)),
    };
  };
}

const ARRIVALS = `
  select g.incarnation_id, ((${microsSql('c.minute')} - $2::bigint) / $3::bigint)::int as step,
    sum(c.records)::float8 as n
  from dead_letter_group g join dead_letter_count c on c.group_key = g.key and c.minute >= ${timeSql('$2')}
  where g.incarnation_id = any($1::int[]) group by 1, 2`;

const REASONS = `
  select distinct on (incarnation_id) incarnation_id, fingerprint from (
    select g.incarnation_id, g.fingerprint, sum(c.records) as n
    from dead_letter_group g join dead_letter_count c on c.group_key = g.key and c.minute >= ${timeSql('$2')}
    where g.incarnation_id = any($1::int[]) group by 1, 2 having sum(c.records) > 0
  ) r order by incarnation_id, n desc, fingerprint`;

const LASTS = `
  select q.incarnation_id, (
    select ${microsSql('d.recorded_at')} from dead_letter d where d.incarnation_id = q.incarnation_id
    order by d.recorded_at desc limit 1) as last_us
  from unnest($1::int[]) as q(incarnation_id)`;
