import type { Pool, PoolClient } from 'pg';

/** Session lock of the one leader of watch, by cluster. */
const LOCK = 7206;

/** A connection that holds the lock of the cluster; null while another process has it. */
export async function lockOn(pool: Pool, clusterId: number): Promise<PoolClient | null> {
  const client = await pool.connect();
  const ignore = (): void => {};
  client.on('error', ignore);
  try {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
      LOCK,
      clusterId,
    ]);
    client.off('error', ignore);
    if (rows[0]?.locked === true) return client;
    client.release();
    return null;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Said before the connection closes, so that the next leader need not wait for the server to notice. */
export async function unlock(client: PoolClient, clusterId: number): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', [LOCK, clusterId]).catch(() => undefined);
}
