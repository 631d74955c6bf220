import { rawBytes } from '../../model/record.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import type { SinkAnswer } from '../../ports/source.ts';
import { isDataError } from '../sql-state.ts';
import { NotBegunError, partitionKey } from './move-positions.ts';
import { storeAround } from './store-around.ts';
import { type BatchAnswer, type BatchContext, storeBatches } from './store-batches.ts';

/** Stores one batch; resolves once it is committed. */
export type BatchWriter = (batch: PreparedBatch) => Promise<SinkAnswer>;

/** Transactions under way at once: one is encoded while the other is with PostgreSQL. */
const LANES = 2;
/** Most records of one transaction, unless a single batch has more. */
const GROUP_RECORDS = 8_000;
/** Most bytes of keys, values and headers of one transaction, unless a single batch has more. */
const GROUP_BYTES = 16 * 1024 * 1024;

interface Waiting {
  readonly batch: PreparedBatch;
  readonly bytes: number;
  resolve(answer: SinkAnswer): void;
  reject(error: unknown): void;
}

/**
 * Group commit: batches that wait while others are stored share the next transaction. A thousand quiet partitions then
 * cost what one busy one does, and a backlog is stored in large strokes. How many may wait is up to the callers: each
 * waits for its answer.
 */
export function createBatchWriter(context: BatchContext): BatchWriter {
  const waiting: Waiting[] = [];
  let lanes = 0;

  const pump = (): void => {
    while (lanes < LANES && waiting.length > 0) {
      lanes += 1;
      const group = takeGroup(waiting);
      void storeGroup(context, group).finally(() => {
        lanes -= 1;
        pump();
      });
    }
  };

  return (batch) =>
    new Promise((resolve, reject) => {
      waiting.push({ batch, bytes: bytesOf(batch), resolve, reject });
      // What is handed in in the same turn of the event loop is taken together.
      setImmediate(pump);
    });
}

/** The first ones that fit together. A partition is in a group once: its next batch continues the one before. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  const group: Waiting[] = [];
  const partitions = new Set<string>();
  let [records, bytes] = [0, 0];
  for (let place = 0; place < waiting.length; ) {
    const item = waiting[place];
    if (item === undefined) break;
    const key = partitionKey(item.batch);
    if (partitions.has(key)) {
      place += 1;
      continue;
    }
    records += item.batch.events.length;
    bytes += item.bytes;
    if (group.length > 0 && (records > GROUP_RECORDS || bytes > GROUP_BYTES)) break;
    partitions.add(key);
    group.push(item);
    waiting.splice(place, 1);
  }
  return group;
}

/** Answers each of the group; never rejects. */
async function storeGroup(context: BatchContext, group: readonly Waiting[]): Promise<void> {
  try {
    const answers = await storeBatches(
      context,
      group.map(({ batch }) => batch),
    );
    for (const [place, item] of group.entries()) give(item, answers[place]);
  } catch (error) {
    if (isDataError(error)) await storeEachAround(context, group);
    else for (const item of group) item.reject(error);
  }
}

/** Something in the group was refused: each batch by itself, so that only the one with the bad record pays for it. */
async function storeEachAround(context: BatchContext, group: readonly Waiting[]): Promise<void> {
  for (const item of group) {
    try {
      give(item, await storeAround(context, item.batch));
    } catch (error) {
      item.reject(error);
    }
  }
}

function give({ resolve, reject }: Waiting, answer: BatchAnswer | undefined): void {
  if (answer === undefined || answer instanceof NotBegunError) reject(answer ?? new Error('a batch got no answer'));
  else resolve(answer);
}

function bytesOf({ events }: PreparedBatch): number {
  return events.reduce((sum, { raw }) => sum + rawBytes(raw), 0);
}
