import type { Pool } from 'pg';
import type { ProcessStore } from '../ports/process-store.ts';

/** A row that has not been touched for this long belongs to a process that died: it is removed by the next heartbeat. */
const FORGET_AFTER = '1 hour';

export function createProcessStore({ pool }: { readonly pool: Pool }): ProcessStore {
  return {
    async heartbeat(process) {
      await pool.query(
        `with forgotten as (delete from process where seen_at < now() - interval '${FORGET_AFTER}' and id <> $1)
         insert into process (id, kind, host, pid, started_at, seen_at, state) values ($1, $2, $3, $4, $5, now(), $6)
         on conflict (id) do update set seen_at = excluded.seen_at, state = excluded.state`,
        [process.id, process.kind, process.host, process.pid, process.startedAt, JSON.stringify(process.state)],
      );
    },
    async gone(id) {
      await pool.query('delete from process where id = $1', [id]);
    },
    async ensureStoredDays() {
      await pool.query(
        `select ensure_stored_day(day) from unnest(array[
           (now() at time zone 'utc')::date, (now() at time zone 'utc')::date + 1]) as day`,
      );
    },
  };
}
