import type { ReResolveScope } from '../../ports/job-store.ts';
import type { Queryable } from '../transaction.ts';

/** Which events of the store a job reads again. */
export interface Stale {
  readonly scope: ReResolveScope;
  /** The version of the rules in force. */
  readonly resolverVersion: number;
}

/** A stored day with its number of events that a job reads again; day as `YYYY-MM-DD`. */
export interface StaleDay {
  readonly day: string;
  readonly events: number;
}

/**
 * The days with events to read again whose payload is still stored, the newest first: people look there first. Read from
 * the counts, never from the events.
 */
export async function staleDays(
  client: Queryable,
  workspaceId: number,
  { scope, resolverVersion }: Stale,
): Promise<readonly StaleDay[]> {
  const older = scope === 'older rules';
  const { rows } = await client.query<{ day: string; events: string }>(
    older ? BY_VERSION : BY_REASON,
    older ? [workspaceId, resolverVersion] : [workspaceId],
  );
  return rows.map(({ day, events }) => ({ day, events: Number(events) }));
}

const DAY = `(c.stored_minute at time zone 'utc')::date`;

/** Days whose bytes are there and stay. */
const KEPT = `
  where day not in (select day from expired_day where kept_as <> 'aggregates')
    and to_regclass(period_table('segment_bytes', 'day', day)) is not null and events > 0
  order by day desc`;

const BY_VERSION = `
  select day::text, events from (
    select ${DAY} as day, sum(c.records) as events from dialect_count c
    where c.resolver_version <> $2::smallint and c.dialect_id in (select id from name where workspace_id = $1)
    group by 1
  ) d ${KEPT}`;

// 13: `registry unreachable` of model/reason.ts.
const BY_REASON = `
  select day::text, events from (
    select ${DAY} as day, sum(c.records) as events from ingest_count c
    where c.workspace_id = $1 and c.reason = 13
      and c.stored_minute >= (select min(to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD')) from pg_inherits
        where inhparent = 'segment_bytes'::regclass)
    group by 1
  ) d ${KEPT}`;
