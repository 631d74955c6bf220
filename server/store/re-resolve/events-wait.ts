import type { Pool } from 'pg';
import { REASONS } from '../../model/reason.ts';

/** True when events are stored whose schema could not be asked for when they came. Sums counts: for now and then. */
export async function eventsWaitForRegistry(pool: Pick<Pool, 'query'>, workspaceId: number): Promise<boolean> {
  const { rows } = await pool.query<{ waiting: boolean }>(
    `select coalesce(sum(records), 0) > 0 as waiting from ingest_count where workspace_id = $1 and reason = $2`,
    [workspaceId, REASONS['registry unreachable']],
  );
  return rows[0]?.waiting === true;
}
