import type { Pool, PoolClient } from 'pg';

/** What runs a statement: a pool or one of its clients. */
export type Queryable = Pick<PoolClient, 'query'>;

/**
 * Runs `work` on one connection of the pool, in a transaction, and commits when it resolves. A connection whose rollback
 * fails is closed rather than handed on with a transaction open.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  begin: 'begin' | 'begin isolation level repeatable read read only' = 'begin',
): Promise<T> {
  return withClient(pool, (client) => transactionOn(client, work, begin));
}

/** The same on a connection in hand. */
export async function transactionOn<C extends Queryable, T>(
  client: C,
  work: (client: C) => Promise<T>,
  begin = 'begin',
): Promise<T> {
  await client.query(begin);
  let answer: T;
  try {
    answer = await work(client);
  } catch (error) {
    await rollback(client, error);
    throw error;
  }
  await client.query('commit');
  return answer;
}

/** A connection could not be rolled back: it must not be used again. */
export class BrokenConnectionError extends Error {
  readonly code = 'broken_connection';
}

async function rollback(client: Queryable, cause: unknown): Promise<void> {
  try {
    await client.query('rollback');
  } catch {
    throw new BrokenConnectionError('the connection was lost inside a transaction', { cause });
  }
}

/** Lends a connection of the pool to `work`; one that threw is closed, because its state is not known. */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that ends while it is lent emits `error`; the statement under way rejects and reports it.
  const ignore = () => {};
  client.on('error', ignore);
  let failed = true;
  try {
    const answer = await work(client);
    failed = false;
    return answer;
  } finally {
    client.off('error', ignore);
    client.release(failed);
  }
}
