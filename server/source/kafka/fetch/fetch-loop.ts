import type { Wake } from '../../wake.ts';
import type { Backfill } from '../backfill/backfill.ts';
import { listOffsets, partitionKey } from '../cluster/offsets.ts';
import type { KafkaConnection } from '../connection/kafka-connection.ts';
import type { NamedPartition } from '../group/kafka-group-protocol.ts';
import { pause } from '../pause.ts';
import {
  type FetchAnswer,
  type FetchedPartition,
  type FetchPartition,
  fetchRequest,
  fetchVersion,
} from '../wire/fetch-request.ts';
import { API_KEYS } from '../wire/kafka-request.ts';
import { OFFSET_QUERY } from '../wire/list-offsets-request.ts';
import { restMs } from './fetch-pace.ts';
import { createFetchSession, type FetchSession } from './fetch-session.ts';
import type { PartitionReader } from './partition-reader.ts';

/** A reader with what the fetch loop must know of it. */
export interface ReadPartition {
  /** `partitionKey` of the reader's partition. */
  readonly key: string;
  readonly reader: PartitionReader;
  readonly topicId: string | null;
  /** Below it lies the first backfill; null where there is none. */
  readonly backfillEnd: bigint | null;
  /** Not fetched before this time (ms of `performance.now`): something is wrong with it. */
  heldUntil: number;
}

export interface FetchLoopOptions {
  readonly connection: KafkaConnection;
  /** The partitions to fetch from this broker, as they are now. */
  partitions(): readonly ReadPartition[];
  /** Bytes fetched and not delivered yet, over all brokers. */
  bufferedBytes(): number;
  /** Rung when a partition may be fetched again. */
  readonly wake: Wake;
  readonly backfill: Pick<Backfill, 'rate' | 'fetched'>;
  /** Something was fetched. */
  onFetched(): void;
  /** The topics or leaders are not as we think. */
  onStale(): void;
  /** A partition cannot be read, with the reason in words; null when it can again. */
  onTrouble(partition: NamedPartition, reason: { readonly errorCode: number } | string | null): void;
  readonly signal: AbortSignal;
}

/** A quiet broker answers after this; new records are answered at once. */
const MAX_WAIT_MS = 400;
/** Used while some partitions are busy being delivered: they must not wait for the quiet ones. */
const BUSY_WAIT_MS = 20;
const MAX_BYTES = 16 * 1024 * 1024;
const PARTITION_MAX_BYTES = 2 * 1024 * 1024;
/** Fetching pauses above this; a partition has at most two stretches waiting. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;
const IDLE_MS = 500;
const HOLD_MS = 500;
const LONG_HOLD_MS = 5_000;

const OFFSET_OUT_OF_RANGE = 1;
/** Unknown topic, partition or topic id; other leader; leader epoch: metadata has changed. */
const STALE = new Set([3, 5, 6, 9, 74, 75, 76, 100, 103]);

/** An error of a whole answer that a new session does not mend; by Kafka's error code. */
export class FetchFailedError extends Error {
  readonly code = 'fetch_failed';
}

/** FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR. */
const SESSION_LOST = new Set([70, 71, 106]);

/** Fetches from one broker until the signal is aborted. Rejects when the connection is lost. */
export async function runFetchLoop(options: FetchLoopOptions): Promise<void> {
  const { wake, signal } = options;
  const session = createFetchSession();
  while (!signal.aborted) {
    const all = options.partitions();
    const now = performance.now();
    const open = all.filter(({ reader, heldUntil }) => reader.fetchFrom !== null && heldUntil <= now);
    // Partitions behind their first backfill's end wait for their rate; all others are fetched meanwhile.
    const heldBackMs = open.some(isBackfilling) ? (options.backfill.rate?.waitMs(now) ?? 0) : 0;
    const ready = heldBackMs > 0 ? open.filter((item) => !isBackfilling(item)) : open;
    if (ready.length === 0 || options.bufferedBytes() > MAX_BUFFERED_BYTES) {
      await wake.sleep(heldBackMs > 0 ? Math.min(heldBackMs, IDLE_MS) : IDLE_MS, signal);
      continue;
    }
    const busy = all.some(({ reader }) => reader.fetchFrom === null);
    const waitMs = busy ? BUSY_WAIT_MS : heldBackMs > 0 ? Math.min(heldBackMs, MAX_WAIT_MS) : MAX_WAIT_MS;
    const asked = new Map(shuffled(ready).map((item) => [item.key, questionOf(item)]));
    const { errorCode, sessionId, partitions } = await fetchOnce(options, session, asked, waitMs);
    if (SESSION_LOST.has(errorCode)) {
      session.lost();
      continue;
    }
    if (errorCode !== 0) throw new FetchFailedError(`the broker refused to answer a fetch (Kafka error ${errorCode})`);
    session.answered(sessionId);
    const bytes = partitions.reduce((sum, part) => sum + part.log.length, 0);
    const rest = restMs(bytes, performance.now() - now);
    for (const part of partitions) {
      const question = asked.get(partitionKey(part));
      if (question !== undefined) await takeUp(question.item, question.offset, part, options);
    }
    options.onFetched();
    if (rest > 0) await pause(rest, signal);
  }
}

function isBackfilling({ reader, backfillEnd }: ReadPartition): boolean {
  return backfillEnd !== null && reader.fetchFrom !== null && reader.fetchFrom < backfillEnd;
}

type Question = FetchPartition & { readonly item: ReadPartition };

function questionOf(item: ReadPartition): Question {
  const { topic, partition } = item.reader.partition;
  return {
    item,
    topic,
    partition,
    topicId: item.topicId,
    offset: item.reader.fetchFrom ?? 0n,
    lastEpoch: item.reader.fetchEpoch,
  };
}

function fetchOnce(
  { connection, backfill }: FetchLoopOptions,
  session: FetchSession,
  asked: ReadonlyMap<string, Question>,
  maxWaitMs: number,
): Promise<FetchAnswer> {
  const partitions = [...asked.values()];
  // A rate of a few KB must not be overdrawn by 16 MB at once.
  const atOnce = partitions.some(({ item }) => isBackfilling(item)) ? (backfill.rate?.atOnce ?? MAX_BYTES) : MAX_BYTES;
  const allHaveIds = partitions.every(({ topicId }) => topicId !== null);
  let names: ReadonlyMap<string | null, string> | null = null;
  const nameOf = (id: string): string | undefined => {
    names ??= new Map(partitions.map(({ topicId, topic }) => [topicId, topic]));
    return names.get(id);
  };
  return connection.send(
    fetchRequest(
      fetchVersion(connection.maxVersion(API_KEYS.fetch), allHaveIds),
      { ...session.ask(asked), nameOf },
      {
        maxWaitMs,
        maxBytes: Math.min(MAX_BYTES, atOnce),
        partitionMaxBytes: Math.min(PARTITION_MAX_BYTES, atOnce),
      },
    ),
  );
}

/** Brokers fill an answer from the front: another order each time, so that no partition starves. */
function shuffled<T>(items: readonly T[]): T[] {
  const first = Math.floor(Math.random() * items.length);
  return [...items.slice(first), ...items.slice(0, first)];
}

async function takeUp(
  item: ReadPartition,
  from: bigint,
  part: FetchedPartition,
  options: FetchLoopOptions,
): Promise<void> {
  if (part.errorCode === 0) {
    options.onTrouble(part, null);
    if (part.divergedAt !== null) return diverged(item, part.divergedAt);
    return accept(item, from, part, options);
  }
  item.heldUntil = performance.now() + HOLD_MS;
  if (part.errorCode === OFFSET_OUT_OF_RANGE) return outOfRange(item, part, options);
  if (STALE.has(part.errorCode)) return options.onStale();
  item.heldUntil = performance.now() + LONG_HOLD_MS;
  options.onTrouble(part, { errorCode: part.errorCode });
}

function accept(item: ReadPartition, from: bigint, part: FetchedPartition, options: FetchLoopOptions): void {
  const behind = isBackfilling(item);
  try {
    item.reader.accept(from, part);
    if (behind) options.backfill.fetched(part.log.length, item.reader.fetchedTo - from);
  } catch {
    item.heldUntil = performance.now() + LONG_HOLD_MS;
    options.onTrouble(part, `The broker sent bytes for partition ${part.partition} that are no record batch.`);
  }
}

/**
 * A leader was elected that lacked records we had read, and others stand, or will stand, at their offsets. Those have no
 * place of their own: they become a hole, and reading goes on at the position.
 */
async function diverged(item: ReadPartition, from: bigint): Promise<void> {
  if (!(await item.reader.reportRewritten(from))) item.heldUntil = performance.now() + HOLD_MS;
}

/**
 * Retention has passed our position, or the log was cut back behind it (a leader was elected that lacked records). The
 * same topic id means the same incarnation, so new records at offsets that stand already have no place of their own:
 * they are named as not read for as long as the log is the shorter one. Never does reading begin anew by itself.
 */
async function outOfRange(item: ReadPartition, part: FetchedPartition, options: FetchLoopOptions): Promise<void> {
  const here = async (): Promise<KafkaConnection> => options.connection;
  const low = (await listOffsets([part], OFFSET_QUERY.low, here)).get(partitionKey(part));
  const high = (await listOffsets([part], OFFSET_QUERY.high, here)).get(partitionKey(part));
  const { position } = item.reader;
  if (low !== undefined && low > position) {
    // What was fetched before is delivered first; until then asking again would only be refused again.
    if (await item.reader.skipTo(low, 'retention')) item.heldUntil = 0;
  } else if (high !== undefined && high < position) {
    item.heldUntil = performance.now() + LONG_HOLD_MS;
    options.onTrouble(
      part,
      `Partition ${part.partition} ends at offset ${high}, but ${position} was reached before: ` +
        `the broker lost records. What it stores at offsets ${high} to ${position} now is not read; reading goes on at ${position}.`,
    );
  }
}
