import type { Pool } from 'pg';
import type { QueueNames } from '../../model/dead-letter-queue.ts';
import { VIOLATING_CODES } from '../../model/schema-check.ts';
import type { CountReading } from '../../ports/alert-readings.ts';
import type { RoleOf } from '../dead-letters/topic-roles.ts';
import { msSql } from './alert-rows.ts';

const MOST_EVENT_TYPES = 20_000;
const MOST_COUNTED = 50_000;
const MOST_BUCKETED = 200_000;

type Counted = Omit<CountReading, 'kind' | 'base'>;
type Querying = Pick<Pool, 'query'>;

/** Names of all event types, the newest first where they are too many. */
export async function readEventTypes(pool: Querying, workspaceId: number): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ label: string }>(EVENT_TYPES, [workspaceId]);
  return new Set(rows.map(({ label }) => label));
}

/** Records stored in the last `windowMs` and what has begun of this minute, `spanMs` in all. */
export async function readNewestCounts(pool: Querying, workspaceId: number, windowMs: number) {
  const { rows } = await pool.query<Counted & { readonly spanMs: number }>(NEWEST, [workspaceId, windowMs]);
  return { rows, spanMs: rows[0]?.spanMs ?? windowMs };
}

/** Records stored in steps of five minutes, from and to in epoch ms; `bucket` is the begin of each. */
export async function readBucketedCounts(
  pool: Querying,
  workspaceId: number,
  { from, to }: { readonly from: number; readonly to: number },
) {
  const { rows } = await pool.query<Counted & { readonly bucket: number }>(BUCKETED, [workspaceId, from, to]);
  return rows;
}

/** What the topic of each count is to dead letters: `roleOf` knows queues by all that says so. */
export function withRoles<T extends Counted>(
  rows: readonly T[],
  names: QueueNames,
  roleOf: RoleOf,
): readonly (T & CountReading)[] {
  return rows.map((row) => ({ ...row, kind: roleOf(row), base: names.stageOf(row.topic).base }));
}

const EVENT_TYPES = `
  select label from name where workspace_id = $1 and kind = 'event type' order by id desc limit ${MOST_EVENT_TYPES}`;

const COLUMNS = `i.topic, c.kafka_id as cluster, y.label as "eventType", s.label as service,
  sum(n.records)::float8 as records,
  coalesce(sum(n.records) filter (where n.schema_status in (${VIOLATING_CODES.join(', ')})), 0)::float8 as violating`;

const COUNTS = `
  from ingest_count n join incarnation i on i.id = n.incarnation_id join cluster c on c.id = i.cluster_id
  join name y on y.id = n.type_id left join name s on s.id = n.service_id
  where n.workspace_id = $1`;

const NEWEST = `
  with span as (select date_trunc('minute', now()) - $2::float8 * interval '1 millisecond' as begin)
  select ${COLUMNS}, ${msSql('now() - (select begin from span)')} as "spanMs" ${COUNTS}
    and n.stored_minute >= (select begin from span)
  group by 1, 2, 3, 4 having sum(n.records) <> 0 limit ${MOST_COUNTED}`;

const BUCKETED = `
  select ${COLUMNS}, ${msSql(`date_bin('5 minutes', n.stored_minute, timestamptz 'epoch')`)} as bucket ${COUNTS}
    and n.stored_minute >= to_timestamp($2::float8 / 1000) and n.stored_minute < to_timestamp($3::float8 / 1000)
  group by 1, 2, 3, 4, bucket order by bucket desc limit ${MOST_BUCKETED}`;
