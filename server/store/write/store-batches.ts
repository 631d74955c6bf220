import type { Pool, PoolClient } from 'pg';
import type { Resolution } from '../../model/event.ts';
import type { SchemaIdentity } from '../../model/schema-check.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import type { SinkAnswer } from '../../ports/source.ts';
import { copyIn } from '../copy-in.ts';
import { dayOf } from '../sql-time.ts';
import { BEGIN, begun, withClient } from '../transaction.ts';
import { countEvents } from './count-events.ts';
import { countViolations } from './count-violations.ts';
import { encodeRows, type RowContext } from './encode-rows.ts';
import { movePositions, NotBegunError, partitionKey, standsAt } from './move-positions.ts';
import { NameCollector, type NameIds } from './name-ids.ts';
import { NOTHING_READ } from './poisoned.ts';
import type { ResolutionIds } from './resolution-ids.ts';
import { type SchemaIds, schemasOf } from './schema-ids.ts';
import type { StoredDays } from './stored-days.ts';

export interface BatchContext {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly writerId: string;
  readonly names: NameIds;
  readonly resolutions: ResolutionIds;
  readonly schemas: SchemaIds;
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
        await countViolations(client, context.writerId, mine, rows);
        await countEvents(client, context.writerId, mine, rows);
        const all = await answers(client, batches, moved);
        await copyIn(client, mine.length === batches.length ? encoded : await encodeRows(mine, rows), 'commit');
        return all;
      },
      BEGIN.lazily,
    );
  });
}

/** Makes the days and resolves the names, outside the transaction: a rollback must not take back what is remembered. */
export async function prepareRows(
  client: PoolClient,
  { workspaceId, names, resolutions, schemas, days }: BatchContext,
  batches: readonly PreparedBatch[],
): Promise<RowContext> {
  for (const day of new Set(batches.map(({ storedAt }) => dayOf(storedAt)))) await days.ensure(client, day);
  const collected = new NameCollector();
  const read = new Set<Resolution>([NOTHING_READ]);
  const checked = new Set<SchemaIdentity>();
  for (const { events, topic } of batches) {
    schemasOf(events, checked);
    for (const { eventType, service, resolution } of events) {
      collected.add('event type', eventType);
      if (service !== null) collected.add('service', service);
      read.add(resolution);
    }
    // What a poisoned record falls back to.
    collected.add('event type', topic);
  }
  for (const { dialect } of read) collected.add('dialect', dialect);
  const idOf = await names.resolve(client, collected);
  return {
    ...{ workspaceId, idOf },
    resolutionIdOf: await resolutions.resolve(client, read, idOf),
    schemaIdOf: await schemas.resolve(client, checked),
  };
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
