import type { Pool, PoolClient } from 'pg';

/** What runs a statement: a pool or one of its clients. */
export type Queryable = Pick<PoolClient, 'query'>;

/** The settings of a transaction whose commit does not wait for the disk. */
const LAZY = `set local synchronous_commit = off; set local statement_timeout = '60s'`;

/**
 * How a transaction begins. `lazily` lets its commit return before the disk has it: for what stores records together with
 * the position they move, and for what can be made again from that. A database that crashes then forgets the last half
 * second of both, and the tap reads those records again (docs/adr/0011). No statement of it may take a minute: one that
 * does waits for rows that a frozen process has begun to send, and keeps others waiting (see `openPool`). `prepared` keeps
 * one plan for each statement of `prepared.ts`: PostgreSQL would go on planning those over partitioned tables anew, as it
 * counts all partitions as read by a plan that looks at one. And it goes by indexes: a plan made while a table is small
 * would read all of it when it is large. `sealing` sees events and marks as of one instant: an event that comes in between is
 * no part of it, and its mark stays. `settling` is lazy, and goes by the order of indexes: marks and events come and go so fast
 * that statistics say of a long queue that it is empty, and a plan made by them reads all of it, or of a day, in each turn.
 */
export const BEGIN = {
  plainly: 'begin',
  reading: 'begin isolation level repeatable read read only',
  prepared: `begin isolation level repeatable read read only;
    set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off`,
  sealing: `begin isolation level repeatable read; ${LAZY}`,
  lazily: `begin; ${LAZY}`,
  settling: `begin; ${LAZY}; set local enable_seqscan = off; set local enable_bitmapscan = off`,
} as const;

/** Transactions that write nothing: their answer is good before they have ended. */
const READING: ReadonlySet<string> = new Set([BEGIN.reading, BEGIN.prepared]);

/**
 * Runs `work` on one connection of the pool, in a transaction, and commits when it resolves; one that only reads is ended
 * behind its answer's back. A connection whose rollback fails is closed rather than handed on with a transaction open.
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
  begin: (typeof BEGIN)[keyof typeof BEGIN] = BEGIN.plainly,
): Promise<T> {
  if (!READING.has(begin)) return withClient(pool, (client) => transactionOn(client, work, begin));
  const { client, giveBack } = await lend(pool);
  const answer = await begun(client, work, begin).catch((error: unknown) => {
    giveBack(true);
    throw error;
  });
  client.query('commit').then(
    () => giveBack(false),
    () => giveBack(true),
  );
  return answer;
}

/** The same on a connection in hand. */
export async function transactionOn<C extends Queryable, T>(
  client: C,
  work: (client: C) => Promise<T>,
  begin: (typeof BEGIN)[keyof typeof BEGIN] = BEGIN.plainly,
): Promise<T> {
  const answer = await begun(client, work, begin);
  await client.query('commit');
  return answer;
}

/**
 * The same for work whose last statement commits: a round trip less. It is rolled back when it throws before. Where the
 * connection pipelines, what only reads sends its first question with the begin: another one less.
 */
export async function begun<C extends Queryable, T>(
  client: C,
  work: (client: C) => Promise<T>,
  begin: (typeof BEGIN)[keyof typeof BEGIN] = BEGIN.plainly,
): Promise<T> {
  const beginning = client.query(begin);
  if (READING.has(begin) && pipelines(client)) beginning.catch(() => undefined);
  else await beginning;
  try {
    const answer = await work(client);
    await beginning;
    return answer;
  } catch (error) {
    await rollback(client, error);
    throw error;
  }
}

function pipelines(client: Queryable): boolean {
  return 'pipeline' in client && client.pipeline === true;
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
  const { client, giveBack } = await lend(pool);
  let failed = true;
  try {
    const answer = await work(client);
    failed = false;
    return answer;
  } finally {
    giveBack(failed);
  }
}

async function lend(pool: Pool): Promise<{ client: PoolClient; giveBack: (failed: boolean) => void }> {
  const client = await pool.connect();
  // A connection that ends while it is lent emits `error`; the statement under way rejects and reports it.
  const ignore = () => {};
  client.on('error', ignore);
  return {
    client,
    giveBack(failed) {
      client.off('error', ignore);
      client.release(failed);
    },
  };
}
