import type { PoolClient } from 'pg';
import { LOCKS } from '../locks.ts';

/**
 * Waits for a step of merging or for the drop of a day that is under way, and keeps both away for the transaction. Before
 * anything is written: who cancels the job, or looks whether it moves, must not wait with it.
 */
export async function holdMerging(client: PoolClient): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, 0)', [LOCKS.days]);
}

/**
 * Throws away a copy of a day that merging has begun: it holds the traces of segments as they were. Call it while merging
 * is held, in the transaction that says that a job runs; merging rests from then on.
 */
export async function stopMerging(client: PoolClient): Promise<void> {
  const { rowCount } = await client.query(`delete from segment_merge where state in ('building', 'built')`);
  if ((rowCount ?? 0) > 0) await client.query('drop table if exists segment_merged, segment_bytes_merged');
}
