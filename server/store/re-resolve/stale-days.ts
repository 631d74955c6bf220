import type { ReResolveScope } from '../../ports/job-store.ts';
import { EXPIRED_DAYS } from '../expired-days.ts';
import type { Queryable } from '../transaction.ts';

/** Which events of the store a job reads again. */
export interface Stale {
  readonly scope: ReResolveScope;
  /** Versions of rules whose events are left alone: that in force, and those that are the same in what the job is about. */
  readonly upToDate: ReadonlySet<number>;
}

/** What makes events stale that other rules than those in force have read. */
export async function staleBy(client: Queryable, scope: ReResolveScope, resolverVersion: number): Promise<Stale> {
  const same = SAME[scope];
  const { rows } = same === null ? { rows: [] } : await client.query<{ id: number }>(same, [resolverVersion]);
  return { scope, upToDate: new Set([resolverVersion, ...rows.map(({ id }) => id)]) };
}

const sameBy = (digest: string) => `
  select r.id from rule_set r join rule_set force using (workspace_id, ${digest}) where force.id = $1::smallint`;

const SAME: Readonly<Record<ReResolveScope, string | null>> = {
  'older rules': sameBy('reading_digest'),
  'other schemas': sameBy('schema_digest'),
  'registry unreachable': null,
};

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
  { scope, upToDate }: Stale,
): Promise<readonly StaleDay[]> {
  const waited = scope === 'registry unreachable';
  const { rows } = await client.query<{ day: string; events: string }>(
    waited ? BY_REASON : BY_VERSION,
    waited ? [workspaceId] : [workspaceId, [...upToDate]],
  );
  return rows.map(({ day, events }) => ({ day, events: Number(events) }));
}

const DAY = `(c.stored_minute at time zone 'utc')::date`;

/** Days whose bytes are there and stay. */
const KEPT = `
  where day not in ${EXPIRED_DAYS}
    and to_regclass(period_table('segment_bytes', 'day', day)) is not null and events > 0
  order by day desc`;

const BY_VERSION = `
  select day::text, events from (
    select ${DAY} as day, sum(c.records) as events from dialect_count c
    where c.resolver_version <> all($2::smallint[]) and c.dialect_id in (select id from name where workspace_id = $1)
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
