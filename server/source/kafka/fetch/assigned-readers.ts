import type { BegunPosition, TopicPartition } from '../../../ports/source.ts';
import { begunPartitions } from '../cluster/begun-partitions.ts';
import { isCompacted } from '../cluster/is-compacted.ts';
import { partitionKey } from '../cluster/offsets.ts';
import type { TopicMap } from '../cluster/topic-map.ts';
import type { Share } from '../group/group-loop.ts';
import type { NamedPartition } from '../group/kafka-group-protocol.ts';
import { pause } from '../pause.ts';
import type { SessionContext } from '../session-context.ts';
import type { ReadPartition } from './fetch-loop.ts';
import { createPartitionReader } from './partition-reader.ts';
import { createUnpackRoom } from './unpack-room.ts';

/** The readers of the partitions that are ours now, and the deliveries they have in hand. */
export interface AssignedReaders {
  /** The same array for as long as the readers are the same. */
  list(): readonly ReadPartition[];
  /** Bytes fetched and not delivered yet. */
  bufferedBytes(): number;
  /**
   * Claims each partition and makes a reader for it, at its stored position. What has no leader yet is tried again for
   * as long as the share stands.
   */
  assign(mine: readonly NamedPartition[], share: Share): Promise<void>;
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

export interface AssignedReadersEvents {
  /** Readers can take more: some were made, or a delivery has ended. */
  onFree(): void;
  /** These partitions of the share are ours; what is new among them is read once this resolves. */
  onClaimed(positions: readonly BegunPosition[]): Promise<void>;
  /** A partition turned out to be another tap's. */
  onLost(): void;
}

export function createAssignedReaders(
  context: SessionContext,
  topics: TopicMap,
  { onFree, onClaimed, onLost }: AssignedReadersEvents,
): AssignedReaders {
  const { seed, sink, options, ask } = context;
  let readers = new Map<string, ReadPartition>();
  const unpackRoom = createUnpackRoom();
  /** Made when asked for: the fetch loops and reports ask far more often than it changes. */
  let listed: readonly ReadPartition[] | null = null;
  let active = 0;
  let activeBytes = 0;

  function add({ nextOffset: position, backfillEnd, ...partition }: BegunPosition): void {
    const { decompressedCapBytes } = options;
    const reader = createPartitionReader({
      partition,
      position,
      sink,
      unpackRoom,
      isCompacted: () => isCompacted(seed, partition.topic),
      onLost,
      ...(decompressedCapBytes !== undefined && { decompressedCapBytes }),
    });
    const key = partitionKey(partition);
    readers.set(key, { key, reader, topicId: topics.topicIdOf(partition.topic), backfillEnd, heldUntil: 0 });
    listed = null;
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

  /** Those that a later share-out has taken are left out, unless the coordinator says that ours is the latest. */
  async function claim(begun: readonly TopicPartition[], share: Share): Promise<readonly BegunPosition[]> {
    const { generation } = share;
    if (begun.length === 0) return [];
    const owned = await ask(() => sink.claim(begun, { generation, confirmed: false }));
    if (owned.length === begun.length || !(await share.isCurrent())) return owned;
    return ask(() => sink.claim(begun, { generation, confirmed: true }));
  }

  const assigned: AssignedReaders = {
    list() {
      listed ??= [...readers.values()];
      return listed;
    },
    bufferedBytes() {
      let sum = 0;
      for (const { reader } of readers.values()) sum += reader.bufferedBytes;
      return sum;
    },
    async assign(mine, share) {
      const { signal } = share;
      let left = mine.flatMap((named) => topics.identify(named));
      const ours: BegunPosition[] = [];
      while (left.length > 0 && !signal.aborted) {
        const begun = await begunPartitions(context, topics, left);
        const owned = await claim(begun, share);
        if (signal.aborted) return;
        ours.push(...owned);
        if (owned.length > 0) await onClaimed(ours);
        if (signal.aborted) return;
        for (const position of owned) add(position);
        onFree();
        if (owned.length < begun.length) return onLost();
        const done = new Set(begun.map(partitionKey));
        left = left.filter((partition) => !done.has(partitionKey(partition)));
        if (left.length > 0) await pause(RETRY_MS, signal);
      }
    },
    async stopAll() {
      const stopping = [...readers.values()];
      readers = new Map();
      listed = null;
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
