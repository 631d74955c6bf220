import { SHARDS } from '../../ports/settle-store.ts';
import { LOCKS } from '../locks.ts';
import type { Queryable } from '../transaction.ts';

/** Who holds the lock of a shard alone writes its hops and sums. */
const LOCK = LOCKS.shard;

/** Takes the shard for the transaction; false when another has it. */
export async function tryShard(client: Queryable, workspaceId: number, shard: number): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>({
    name: 'lock-shard',
    text: 'select pg_try_advisory_xact_lock($1, $2) as locked',
    values: [LOCK, workspaceId * SHARDS + shard],
  });
  return rows[0]?.locked === true;
}

/** Waits for the shard and keeps it for the transaction. */
export async function awaitShard(client: Queryable, workspaceId: number, shard: number): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, $2)', [LOCK, workspaceId * SHARDS + shard]);
}

/**
 * Waits for the shard, and gives it back when `work` is done: a transaction that is begun inside sees all that was
 * committed before.
 */
export async function withShard<T>(
  client: Queryable,
  workspaceId: number,
  shard: number,
  work: () => Promise<T>,
): Promise<T> {
  const key = [LOCK, workspaceId * SHARDS + shard];
  const unlock = () => client.query('select pg_advisory_unlock($1, $2)', key);
  await client.query('select pg_advisory_lock($1, $2)', key);
  const answer = await work().catch(async (error: unknown) => {
    // On a connection that is gone there is nothing to unlock; why it failed is what is told.
    await unlock().catch(() => {});
    throw error;
  });
  await unlock();
  return answer;
}
