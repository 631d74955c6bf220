import pg from 'pg';

/**
 * A pool of connections to PostgreSQL. One can break in the very moment in which it is made: the pool has taken its
 * listener off, who borrows it has not put his own on yet, and an `error` that nobody hears ends the process. So each
 * has one from the beginning; whatever is asked of a broken connection is rejected all the same.
 */
export function openPool(options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(options);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}
