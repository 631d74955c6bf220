import type { Pool, PoolClient } from 'pg';
import type { PreparedEvent } from '../../model/event.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import type { SinkAnswer, TopicPartition } from '../../ports/source.ts';
import { isDataError } from '../sql-state.ts';
import { dayOf, microsToSql, timeSql } from '../sql-time.ts';
import { transactionOn, withClient } from '../transaction.ts';
import { countEvents } from './count-events.ts';
import type { NameIds } from './name-ids.ts';
import { poisoned } from './poisoned.ts';
import { namesOf, type RowContext, storeEvents } from './store-events.ts';
import type { StoredDays } from './stored-days.ts';

export interface BatchContext {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly writerId: string;
  readonly names: NameIds;
  readonly days: StoredDays;
}

/** A partition was written to before `begin` said where it starts. */
export class NotBegunError extends Error {
  readonly code = 'not_begun';
}

/**
 * Stores a batch and moves the position, in one transaction; see `IngestStore.storeBatch`. When the data itself is
 * refused, the transaction is run again with a bisection under savepoints: the refused records are stored alone as
 * `poison value`, the rest as they are, and the position still moves exactly once.
 */
export async function storeBatch(context: BatchContext, batch: PreparedBatch): Promise<SinkAnswer> {
  try {
    return await attempt(context, batch, batch.events, storeEvents);
  } catch (error) {
    if (!isDataError(error)) throw error;
  }
  const stored: PreparedEvent[] = [...batch.events];
  return attempt(context, batch, stored, (client, events, rows) =>
    storeAround(client, events, rows, { context, batch, stored }),
  );
}

type StoreRows = (client: PoolClient, events: readonly PreparedEvent[], rows: RowContext) => Promise<void>;

/** One transaction: compare-and-set first, so that a batch that is not ours to store costs one statement. */
async function attempt(
  { pool, workspaceId, writerId, names, days }: BatchContext,
  batch: PreparedBatch,
  events: PreparedEvent[] | readonly PreparedEvent[],
  store: StoreRows,
): Promise<SinkAnswer> {
  return withClient(pool, async (client) => {
    await days.ensure(client, dayOf(batch.storedAt));
    const rows: RowContext = {
      workspaceId,
      storedAt: batch.storedAt,
      idOf: await names.resolve(client, namesOfAll(events, batch.topic)),
    };
    return transactionOn(client, async () => {
      if (!(await movePosition(client, batch))) return standsAt(client, batch, batch.owner);
      await store(client, [...events], rows);
      await countEvents(client, writerId, events, rows);
      return { kind: 'stored' };
    });
  });
}

function* namesOfAll(events: readonly PreparedEvent[], topic: string) {
  for (const event of events) yield* namesOf(event);
  // What a poisoned record falls back to.
  yield { kind: 'event type', text: topic } as const;
  yield { kind: 'dialect', text: 'none' } as const;
}

async function movePosition(client: PoolClient, batch: PreparedBatch): Promise<boolean> {
  const first = batch.events[0];
  const last = batch.events.at(-1);
  const { rowCount } = await client.query(MOVE, [
    batch.incarnationId,
    batch.partition,
    batch.expectedOffset.toString(),
    batch.nextOffset.toString(),
    last === undefined ? null : microsToSql(last.recordedAt),
    batch.highWatermark.toString(),
    first === undefined ? null : microsToSql(first.recordedAt),
    batch.owner?.toString() ?? null,
    batch.leaderEpoch,
  ]);
  return rowCount === 1;
}

// A hole that ends where this batch begins learns the time on its far side.
const MOVE = `
  with moved as (
    update partition_state
    set next_offset = $4, last_recorded_at = coalesce(${timeSql('$5')}, last_recorded_at),
      high = greatest(high, $6::bigint), sampled_at = now(), leader_epoch = $9::integer
    where incarnation_id = $1 and partition = $2 and next_offset = $3 and $4::bigint > $3::bigint
      and owner_generation <= coalesce($8::bigint, owner_generation)
    returning 1
  ), closed as (
    update hole set to_time = ${timeSql('$7')}
    where incarnation_id = $1 and partition = $2 and to_offset = $3 and to_time is null
      and $7::bigint is not null and exists (select from moved)
  )
  select from moved`;

/**
 * Why a batch or hole does not continue its partition: another tap has claimed it since, or it stands elsewhere.
 */
export async function standsAt(
  client: PoolClient,
  { incarnationId, partition }: TopicPartition,
  owner: bigint | null,
): Promise<SinkAnswer> {
  const { rows } = await client.query<{ next_offset: string; lost: boolean }>(
    `select next_offset, owner_generation > coalesce($3::bigint, owner_generation) as lost
     from partition_state where incarnation_id = $1 and partition = $2`,
    [incarnationId, partition, owner?.toString() ?? null],
  );
  const [row] = rows;
  if (row === undefined)
    throw new NotBegunError(`partition ${partition} of incarnation ${incarnationId} was not begun`);
  return row.lost ? { kind: 'lost' } : { kind: 'moved', nextOffset: BigInt(row.next_offset) };
}

interface Bisection {
  readonly context: BatchContext;
  readonly batch: PreparedBatch;
  /** What is stored in the end, poisoned records replaced; for the counts. */
  readonly stored: PreparedEvent[];
}

/** Stores as many as the database takes, halving what it refuses down to single records. */
async function storeAround(
  client: PoolClient,
  events: readonly PreparedEvent[],
  rows: RowContext,
  bisection: Bisection,
): Promise<void> {
  await client.query('savepoint part');
  try {
    await storeEvents(client, events, rows);
    await client.query('release savepoint part');
    return;
  } catch (error) {
    if (!isDataError(error)) throw error;
    await client.query('rollback to savepoint part');
  }
  const [single] = events;
  if (events.length === 1 && single !== undefined) {
    const replaced = await poisoned(client, bisection.context.workspaceId, single, bisection.batch.topic);
    bisection.stored[bisection.stored.indexOf(single)] = replaced;
    return storeEvents(client, [replaced], rows);
  }
  const middle = Math.ceil(events.length / 2);
  await storeAround(client, events.slice(0, middle), rows, bisection);
  await storeAround(client, events.slice(middle), rows, bisection);
}
