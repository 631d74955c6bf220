import type { PoolClient } from 'pg';
import type { PreparedEvent } from '../../model/event.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { copyIn } from '../copy-in.ts';
import { isDataError } from '../sql-state.ts';
import { transactionOn, withClient } from '../transaction.ts';
import { countBatches } from './count-batches.ts';
import { encodeRows, type RowContext } from './encode-rows.ts';
import { movePositions, NotBegunError, standsAt } from './move-positions.ts';
import { poisoned } from './poisoned.ts';
import { correctTotals } from './running-totals.ts';
import { type BatchAnswer, type BatchContext, prepareRows } from './store-batches.ts';

interface Bisection {
  readonly workspaceId: number;
  readonly batch: PreparedBatch;
  readonly rows: RowContext;
  /** What is stored in the end, poisoned records replaced; for the counts. */
  readonly stored: PreparedEvent[];
}

/**
 * Stores a batch of which the database has refused something: by bisection under savepoints, the refused records are
 * stored alone as `poison value`, the rest as they are, and the position still moves exactly once.
 */
export async function storeAround(context: BatchContext, batch: PreparedBatch): Promise<BatchAnswer> {
  return withClient(context.pool, async (client) => {
    const rows = await prepareRows(client, context, [batch]);
    return transactionOn(client, async () => {
      const moved = await movePositions(client, [batch]);
      if (moved.size === 0) return standsAt(client, batch, batch.owner);
      const stored = [...batch.events];
      await bisect(client, batch.events, { workspaceId: context.workspaceId, batch, rows, stored });
      await countBatches(client, context.writerId, [{ ...batch, events: stored }], rows);
      await correctTotals(client, batch, stored);
      return { kind: 'stored' } as const;
    });
  }).catch((error: unknown) => {
    if (error instanceof NotBegunError) return error;
    throw error;
  });
}

/** Stores as many as the database takes, halving what it refuses down to single records. */
async function bisect(client: PoolClient, events: readonly PreparedEvent[], bisection: Bisection): Promise<void> {
  const { batch, rows, stored, workspaceId } = bisection;
  await client.query('savepoint part');
  try {
    await copyIn(client, await encodeRows([{ events, storedAt: batch.storedAt }], rows));
    await client.query('release savepoint part');
    return;
  } catch (error) {
    if (!isDataError(error)) throw error;
    await client.query('rollback to savepoint part');
  }
  const [single] = events;
  if (events.length === 1 && single !== undefined) {
    const replaced = await poisoned(client, workspaceId, single, batch.topic);
    stored[stored.indexOf(single)] = replaced;
    return copyIn(client, await encodeRows([{ events: [replaced], storedAt: batch.storedAt }], rows));
  }
  const middle = Math.ceil(events.length / 2);
  await bisect(client, events.slice(0, middle), bisection);
  await bisect(client, events.slice(middle), bisection);
}
