import type { Pool, PoolClient } from 'pg';

/** Session locks of loops that one process leads: of watch by cluster, of stalled traces and of alerts by workspace. */
export const LOCKS = { watch: 7206, stalls: 7207, alerts: 7216 } as const;

type Lock = (typeof LOCKS)[keyof typeof LOCKS];

/** A connection that holds the lock; null while another process has it. */
export async function lockOn(pool: Pool, lock: Lock, id: number): Promise<PoolClient | null> {
  const client = await pool.connect();
  const ignore = (): void => {};
  client.on('error', ignore);
  try {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
      lock,
      id,
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
export async function unlock(client: PoolClient, lock: Lock, id: number): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', [lock, id]).catch(() => undefined);
}
