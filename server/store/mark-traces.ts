import { shardOf } from '../ports/settle-store.ts';
import type { Queryable } from './transaction.ts';

/**
 * Marks traces for settle that have an event in a day. What a mark has to carry stands in the trace's row or, while settle has
 * not come to it, in a mark. Both are looked at in one statement: settle deletes the mark and writes the row in one
 * transaction, so one of them is always seen.
 */
export async function markTraces(client: Queryable, day: string, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await client.query(MARK, [keys, keys.map(shardOf), day]);
}

const MARK = `
  insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
  select distinct on (k.trace_key) w.workspace_id, k.trace_key, k.shard, $3::date, w.id_kind, w.id_text, w.id_length,
    clock_timestamp()
  from unnest($1::uuid[], $2::smallint[]) as k(trace_key, shard)
  join (
    select trace_key, workspace_id, id_kind, id_text, id_length from trace where trace_key = any($1::uuid[])
    union all
    select trace_key, workspace_id, id_kind, id_text, id_length from dirty_mark where trace_key = any($1::uuid[])
  ) w using (trace_key)
  order by k.trace_key, w.id_text collate "C"`;
