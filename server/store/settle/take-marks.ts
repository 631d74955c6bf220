import type { PoolClient } from 'pg';
import type { DirtyTrace, SettleTurn } from '../../ports/settle-store.ts';
import { idKindFromCode } from '../codes.ts';
import type { ReplacedTrace } from './trace-span.ts';

/** A trace whose marks were just deleted, with the days its events can lie in: those of its row and of its marks. */
export type MarkedTrace = DirtyTrace & ReplacedTrace;

interface MarkedRow {
  trace_key: string;
  id_kind: number;
  id_text: string;
  id_length: number;
  first_day: string;
  last_day: string;
  is_new: boolean;
}

/**
 * Deletes the marks of up to `limit` traces, those waiting longest first, and answers what they carried. Of those that were
 * settled before, no more than `EVENTS_AT_ONCE` allows.
 */
export async function takeMarks(
  client: PoolClient,
  workspaceId: number,
  shard: number,
  { limit, quietMs, resting = [] }: SettleTurn,
): Promise<MarkedTrace[]> {
  return take(client, takeSql(OLDEST), [workspaceId, shard, limit, quietMs, resting]);
}

/** The same for up to `limit` traces with marks of events that were stored until `day`. */
export async function takeMarksUntil(
  client: PoolClient,
  workspaceId: number,
  shard: number,
  { day, limit }: { day: string; limit: number },
): Promise<MarkedTrace[]> {
  return take(client, takeSql(UNTIL), [workspaceId, shard, limit, day]);
}

/** The same for these traces. */
export async function takeMarksOf(
  client: PoolClient,
  workspaceId: number,
  traceKeys: readonly string[],
): Promise<MarkedTrace[]> {
  if (traceKeys.length === 0) return [];
  return take(client, takeSql(OF), [workspaceId, traceKeys]);
}

async function take(client: PoolClient, sql: string, values: readonly unknown[]): Promise<MarkedTrace[]> {
  const { rows } = await client.query<MarkedRow>(sql, [...values]);
  return rows.map((row) => ({
    traceKey: row.trace_key,
    idKind: idKindFromCode(row.id_kind),
    idText: row.id_text,
    idLength: row.id_length,
    firstDay: row.first_day,
    lastDay: row.last_day,
    isNew: row.is_new,
  }));
}

/** Marks looked at for each trace that is wanted: events that come one by one leave as many. */
const MARKS_A_TRACE = 16;
/** Events of one turn, unless one trace alone has more: what is read of them is held in memory, some kilobytes each. */
const EVENTS_AT_ONCE = 100_000;

// Marks from the future (a writer whose clock is ahead) are taken at once: `quiet` only saves work. Traces are looked up one by
// one and not joined with, for the sake of a plan that takes them for few.
const OLDEST = `
    select trace_key from (
      select trace_key, row_number() over waiting as place, sum(events) over waiting as events from (
        select trace_key, min(marked_at) as marked_at, coalesce(
          (select event_count + duplicate_count from trace t where t.trace_key = m.trace_key), 0) as events
        from (
          select trace_key, marked_at from dirty_mark
          where workspace_id = $1 and shard = $2 and trace_key <> all($5::uuid[])
            and (marked_at <= clock_timestamp() - $4 * interval '1 millisecond' or marked_at > clock_timestamp())
          order by marked_at limit $3 * ${MARKS_A_TRACE}
        ) m group by trace_key order by min(marked_at) limit $3
      ) k window waiting as (order by marked_at, trace_key)
    ) w where place = 1 or events <= ${EVENTS_AT_ONCE}`;

const UNTIL = `
    select distinct trace_key from dirty_mark where workspace_id = $1 and shard = $2 and stored_day <= $4::date limit $3`;

const OF = 'select unnest($2::uuid[]) as trace_key';

// The keys are one array and not a table to join with: a plan that takes the queue for empty walks all of it for each key.
// The id's text is the least of all that were written (a UUID comes in several cases), so that it does not depend on
// arrival order. A day that is sealed belongs to those traces alone whose row still has it: of others it is gone.
function takeSql(keys: string): string {
  return `
  with taken as (
    delete from dirty_mark where workspace_id = $1 and trace_key = any(array(${keys}))
    returning trace_key, id_kind, id_text, id_length, stored_day
  ), marked as (
    select trace_key, min(id_kind) as id_kind, min(id_text collate "C") as id_text, max(id_length) as id_length,
      min(stored_day) as first_day, max(stored_day) as last_day
    from taken group by trace_key
  )
  select m.trace_key::text, m.id_kind, least(m.id_text, t.id_text collate "C") as id_text, m.id_length,
    greatest(least(m.first_day, t.first_day), over.day + 1)::text as first_day,
    greatest(m.last_day, t.last_day)::text as last_day, t.trace_key is null as is_new
  from marked m left join trace t using (trace_key) cross join lateral (
    select max(day) as day from expired_day
    where workspace_id = $1 and kept_as = 'events' and sealing_at is not null and day < coalesce(t.first_day, 'infinity')
  ) over`;
}
