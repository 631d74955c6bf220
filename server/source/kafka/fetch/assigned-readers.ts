import type { TopicPartition } from '../../../ports/source.ts';
import { begunPositions } from '../cluster/begun-positions.ts';
import { isCompacted } from '../cluster/is-compacted.ts';
import { partitionKey } from '../cluster/offsets.ts';
import type { TopicMap } from '../cluster/topic-map.ts';
import type { NamedPartition } from '../group/kafka-group-protocol.ts';
import { pause } from '../pause.ts';
import type { SessionContext } from '../session-context.ts';
import type { ReadPartition } from './fetch-loop.ts';
import { createPartitionReader } from './partition-reader.ts';
import { createUnpackRoom } from './unpack-room.ts';

/** The readers of the partitions that are ours now, and the deliveries they have in hand. */
export interface AssignedReaders {
  list(): readonly ReadPartition[];
  /** Bytes fetched and not delivered yet. */
  bufferedBytes(): number;
  /**
   * Makes a reader for each partition, at its stored position. What has no leader yet is tried again until `signal`.
   */
  assign(mine: readonly NamedPartition[], signal: AbortSignal): Promise<void>;
  /** Takes up no more; resolves once nothing is in hand. Answers with the readers as they ended. */
  stopAll(): Promise<void>;
  /**
   * Keeps deliveries going: three large ones, or as many small ones as have come, which then share a transaction. A
   * partition that was served goes to the end of the row.
   */
  pump(): void;
}

/** Deliveries that are always begun. */
const CONCURRENT_DELIVERIES = 3;
/** More of them are begun while all in hand are this small together, in bytes as fetched. */
const SMALL_BYTES = 4 * 1024 * 1024;
const MOST_DELIVERIES = 500;
const RETRY_MS = 1_000;

/** `onFree` hears when readers can take more: some were made, or a delivery has ended. */
export function createAssignedReaders(context: SessionContext, topics: TopicMap, onFree: () => void): AssignedReaders {
  const { seed, sink, options } = context;
  let readers = new Map<string, ReadPartition>();
  const unpackRoom = createUnpackRoom();
  let active = 0;
  let activeBytes = 0;

  function add(partition: TopicPartition, position: bigint): void {
    const { decompressedCapBytes } = options;
    const reader = createPartitionReader({
      partition,
      position,
      sink,
      unpackRoom,
      isCompacted: () => isCompacted(seed, partition.topic),
      ...(decompressedCapBytes !== undefined && { decompressedCapBytes }),
    });
    readers.set(partitionKey(partition), { reader, topicId: topics.topicIdOf(partition.topic), heldUntil: 0 });
  }

  function deliver({ reader }: ReadPartition): void {
    const bytes = reader.nextBytes;
    active += 1;
    activeBytes += bytes;
    reader
      .work()
      .catch((error) => context.failed(error))
      .finally(() => {
        active -= 1;
        activeBytes -= bytes;
        assigned.pump();
        onFree();
      });
  }

  const assigned: AssignedReaders = {
    list: () => [...readers.values()],
    bufferedBytes() {
      let sum = 0;
      for (const { reader } of readers.values()) sum += reader.bufferedBytes;
      return sum;
    },
    async assign(mine, signal) {
      let left = mine.flatMap((named) => topics.identify(named));
      while (left.length > 0 && !signal.aborted) {
        const positions = await begunPositions(sink, left, topics.leaderOf, signal);
        if (signal.aborted) return;
        left = [];
        for (const { nextOffset, ...partition } of positions) {
          if (nextOffset === null) left.push(partition);
          else add(partition, nextOffset);
        }
        onFree();
        if (left.length > 0) await pause(RETRY_MS, signal);
      }
    },
    async stopAll() {
      const stopping = [...readers.values()];
      readers = new Map();
      await Promise.all(stopping.map(({ reader }) => reader.stop()));
    },
    pump() {
      for (const [key, item] of readers) {
        if (active >= MOST_DELIVERIES) return;
        if (active >= CONCURRENT_DELIVERIES && activeBytes >= SMALL_BYTES) return;
        if (!item.reader.hasWork) continue;
        readers.delete(key);
        readers.set(key, item);
        deliver(item);
      }
    },
  };
  return assigned;
}
