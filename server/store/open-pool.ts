import pg from 'pg';

/**
 * How long a transaction may stand open with nobody asking anything in it, in milliseconds, before the server ends it.
 * Every transaction of ours asks at once or ends; one that is idle belongs to a process that was frozen (a suspended
 * machine, SIGSTOP) or cut off. Its row locks would hold up whoever was given its partitions for as long as it sleeps.
 * The process loses nothing: it finds its connection gone when it wakes, and reads again from what was committed.
 */
const FROZEN_MS = 15_000;

/**
 * A pool of connections to PostgreSQL. One can break in the very moment in which it is made: the pool has taken its
 * listener off, who borrows it has not put his own on yet, and an `error` that nobody hears ends the process. So each
 * has one from the beginning; whatever is asked of a broken connection is rejected all the same. The server ends a
 * transaction that has been idle for 15 s, unless the options give `idle_in_transaction_session_timeout` themselves.
 */
export function openPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ idle_in_transaction_session_timeout: FROZEN_MS, ...options });
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}
