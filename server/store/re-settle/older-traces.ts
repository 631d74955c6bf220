import { LARGE_TRACE, SHARDS } from '../../ports/settle-store.ts';
import type { Queryable } from '../transaction.ts';

/** A mark that is older than this was not reached by settle, which is behind then. */
const BEHIND_MS = 1_000;

/** The traces that a topology before `version` has stitched, from a key that is left out (null: the first) to one that is not. */
export interface OlderTraces {
  readonly workspaceId: number;
  readonly version: number;
  readonly after: string | null;
  readonly until: string;
}

const NO_KEY = '00000000-0000-0000-0000-000000000000';

/** The next traces in the order of their keys, `limit` at most; null behind the last. */
export async function windowAfter(
  client: Queryable,
  after: string | null,
  limit: number,
): Promise<{ readonly until: string; readonly traces: number } | null> {
  const { rows } = await client.query<{ until: string | null; traces: number }>(WINDOW, [after ?? NO_KEY, limit]);
  const [row] = rows;
  return row === undefined || row.until === null ? null : { until: row.until, traces: row.traces };
}

const WINDOW = `
  select (array_agg(trace_key order by trace_key desc))[1]::text as until, count(*)::int as traces from (
    select trace_key from trace where trace_key > $1::uuid order by trace_key limit $2) t`;

/** Marks them; answers how many they are. */
export async function markOlder(
  client: Queryable,
  { workspaceId, version, after, until }: OlderTraces,
): Promise<number> {
  const { rowCount } = await client.query(MARK, [after ?? NO_KEY, until, workspaceId, version]);
  return rowCount ?? 0;
}

// A mark carries what the trace's row says of its id, and one of the days that its events lie in.
const MARK = `
  insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
  select workspace_id, trace_key, get_byte(uuid_send(trace_key), 15) % ${SHARDS}, last_day, id_kind, id_text, id_length,
    clock_timestamp()
  from trace
  where trace_key > $1::uuid and trace_key <= $2::uuid and workspace_id = $3 and topology_version < $4`;

/** True while a trace of a range is older than `version` and waits for settle. */
export async function olderOnesWait(
  client: Queryable,
  { workspaceId, version, after, until }: OlderTraces,
): Promise<boolean> {
  const { rows } = await client.query<{ wait: boolean }>(WAIT, [after ?? NO_KEY, until, workspaceId, version]);
  return rows[0]?.wait === true;
}

const WAIT = `
  select exists (
    select from trace t join dirty_mark m using (trace_key)
    where t.trace_key > $1::uuid and t.trace_key <= $2::uuid and t.workspace_id = $3 and t.topology_version < $4
  ) as wait`;

/** True while settle is behind with what was stored: nothing is added to its queue then. */
export async function settleIsBehind(client: Queryable, workspaceId: number): Promise<boolean> {
  const { rows } = await client.query<{ behind: boolean }>(BEHIND, [workspaceId, BEHIND_MS]);
  return rows[0]?.behind === true;
}

const BEHIND = `
  select exists (
    select from generate_series(0, ${SHARDS - 1}) s cross join lateral (
      select marked_at from dirty_mark d where shard = s and workspace_id = $1
        and not exists (select from trace t where t.trace_key = d.trace_key and t.event_count >= ${LARGE_TRACE})
      order by marked_at limit 1) m
    where m.marked_at < clock_timestamp() - $2 * interval '1 millisecond') as behind`;
