import type { Pool, PoolClient } from 'pg';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import type { SinkAnswer } from '../../ports/source.ts';
import { copyIn } from '../copy-in.ts';
import { dayOf } from '../sql-time.ts';
import { BEGIN, begun, withClient } from '../transaction.ts';
import { countBatches } from './count-batches.ts';
import { encodeRows, type RowContext } from './encode-rows.ts';
import { movePositions, NotBegunError, partitionKey, standsAt } from './move-positions.ts';
import type { RowIds } from './row-ids.ts';
import type { StoredDays } from './stored-days.ts';

export interface BatchContext {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly writerId: string;
  readonly ids: RowIds;
  readonly days: StoredDays;
}

/** The answer to one of several batches; a partition that was never begun fails alone. */
export type BatchAnswer = SinkAnswer | NotBegunError;

/**
 * Stores batches of different partitions in one transaction; see `IngestStore.storeBatch`. Those whose position has
 * moved are answered so and left out, the others are stored all the same. Rows are encoded before the transaction begins,
 * so that it is short; that some are left out is rare, and then the rest is encoded again.
 */
export async function storeBatches(
  context: BatchContext,
  batches: readonly PreparedBatch[],
): Promise<readonly BatchAnswer[]> {
  return withClient(context.pool, async (client) => {
    const rows = await prepareRows(client, context, batches);
    const encoded = await encodeRows(batches, rows);
    return begun(
      client,
      async () => {
        const moved = await movePositions(client, batches);
        const mine = batches.filter((batch) => moved.has(partitionKey(batch)));
        await countBatches(client, context.writerId, mine, rows);
        const all = await answers(client, batches, moved);
        await copyIn(client, mine.length === batches.length ? encoded : await encodeRows(mine, rows), 'commit');
        return all;
      },
      BEGIN.lazily,
    );
  });
}

/** Makes the days and resolves the ids, outside the transaction: a rollback must not take back what is remembered. */
export async function prepareRows(
  client: PoolClient,
  { ids, days }: BatchContext,
  batches: readonly PreparedBatch[],
): Promise<RowContext> {
  for (const day of new Set(batches.map(({ storedAt }) => dayOf(storedAt)))) await days.ensure(client, day);
  return ids.resolve(client, batches);
}

async function answers(
  client: PoolClient,
  batches: readonly PreparedBatch[],
  moved: ReadonlySet<string>,
): Promise<BatchAnswer[]> {
  const all: BatchAnswer[] = [];
  for (const batch of batches) {
    if (moved.has(partitionKey(batch))) all.push({ kind: 'stored' });
    else all.push(await standsAt(client, batch, batch.owner).catch(notBegun));
  }
  return all;
}

function notBegun(error: unknown): NotBegunError {
  if (error instanceof NotBegunError) return error;
  throw error;
}
