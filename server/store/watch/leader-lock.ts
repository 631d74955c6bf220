import type { Pool, PoolClient } from 'pg';
import type { LOCKS } from '../locks.ts';

/** Loops that one process leads. */
type Lock = (typeof LOCKS)['watch' | 'stalls' | 'alerts'];

/** The right to write as the one that leads: it is held by a connection, and gone with it. */
export interface Leadership {
  /** Takes the lock of this workspace or cluster, letting go of what was held; false while another process has it. */
  lead(id: number): Promise<boolean>;
  /** The connection that holds the lock; throws where there is none. */
  leading(): PoolClient;
  /** Closes this connection if it still leads: nobody knows what it has done. */
  drop(client: PoolClient): void;
  release(): Promise<void>;
}

/** Leading by one lock. `lost` makes what is thrown once the connection is gone. */
export function createLeadership(pool: Pool, lock: Lock, lost: () => Error): Leadership {
  let held: { readonly client: PoolClient; readonly id: number } | null = null;

  const drop = (client: PoolClient): void => {
    if (held?.client !== client) return;
    held = null;
    client.release(true);
  };
  const release = async (): Promise<void> => {
    if (held === null) return;
    const { client, id } = held;
    await unlock(client, lock, id);
    drop(client);
  };

  return {
    async lead(id) {
      await release();
      const client = await lockOn(pool, lock, id);
      if (client === null) return false;
      client.on('error', () => drop(client));
      held = { client, id };
      return true;
    },
    leading() {
      if (held === null) throw lost();
      return held.client;
    },
    drop,
    release,
  };
}

/** A connection that holds the lock; null while another process has it. */
async function lockOn(pool: Pool, lock: Lock, id: number): Promise<PoolClient | null> {
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
async function unlock(client: PoolClient, lock: Lock, id: number): Promise<void> {
  await client.query('select pg_advisory_unlock($1, $2)', [lock, id]).catch(() => undefined);
}
