import type { PoolClient } from 'pg';

/** The lock of merging and retention (store/merge/merge-store.ts). */
const LOCK = 7205;

/**
 * Throws away a copy of a day that merging has begun: it holds the traces of segments as they were. Call it in the
 * transaction that says that a job runs; merging rests from then on. The lock waits for a step of it that is under way.
 */
export async function stopMerging(client: PoolClient): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, 0)', [LOCK]);
  const { rowCount } = await client.query(`delete from segment_merge where state in ('building', 'built')`);
  if ((rowCount ?? 0) > 0) await client.query('drop table if exists segment_merged, segment_bytes_merged');
}
