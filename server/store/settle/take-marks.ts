import type { PoolClient } from 'pg';
import type { DirtyTrace } from '../../ports/settle-store.ts';
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

/** Deletes the marks of up to `limit` traces, those waiting longest first, and answers what they carried. */
export async function takeMarks(
  client: PoolClient,
  workspaceId: number,
  shard: number,
  { limit, quietMs }: { limit: number; quietMs: number },
): Promise<MarkedTrace[]> {
  const { rows } = await client.query<MarkedRow>(TAKE, [workspaceId, shard, limit, quietMs]);
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

// Marks from the future (a writer whose clock is ahead) are taken at once: `quiet` only saves work. The id's text is
// the least of all that were written (a UUID comes in several cases), so that it does not depend on arrival order.
const TAKE = `
  with oldest as materialized (
    select trace_key from (
      select trace_key, marked_at from dirty_mark
      where workspace_id = $1 and shard = $2
        and (marked_at <= clock_timestamp() - $4 * interval '1 millisecond' or marked_at > clock_timestamp())
      order by marked_at limit $3 * ${MARKS_A_TRACE}
    ) m group by trace_key order by min(marked_at) limit $3
  ), taken as (
    delete from dirty_mark where workspace_id = $1 and trace_key in (select trace_key from oldest)
    returning trace_key, id_kind, id_text, id_length, stored_day
  ), marked as (
    select trace_key, min(id_kind) as id_kind, min(id_text collate "C") as id_text, max(id_length) as id_length,
      min(stored_day) as first_day, max(stored_day) as last_day
    from taken group by trace_key
  )
  select m.trace_key::text, m.id_kind, least(m.id_text, t.id_text collate "C") as id_text, m.id_length,
    least(m.first_day, t.first_day)::text as first_day, greatest(m.last_day, t.last_day)::text as last_day, t.trace_key is null as is_new
  from marked m left join trace t using (trace_key)`;
