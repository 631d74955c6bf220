import type { PreparedEvent } from '../model/event.ts';
import type { Micros } from '../model/time.ts';
import type { SourceKind } from '../model/wire.ts';
import type {
  BegunPosition,
  DiscoveredTopic,
  Ownership,
  RegisteredTopic,
  SinkAnswer,
  SourceHole,
  TopicPartition,
  WatermarkSample,
} from './source.ts';

/** One partition's rows, with the position they move. */
export interface PreparedBatch extends TopicPartition {
  readonly events: readonly PreparedEvent[];
  /** The stored position this batch continues; compare-and-set. */
  readonly expectedOffset: bigint;
  readonly nextOffset: bigint;
  readonly highWatermark: bigint;
  readonly storedAt: Micros;
  /** What `claim` answered for the partition; null where the source claims none. */
  readonly owner: bigint | null;
}

/** A position with the mark of its owner, to be handed back with each batch. */
export interface OwnedPosition extends BegunPosition {
  readonly owner: bigint;
}

/** What ingest writes. Each call is one transaction. */
export interface IngestStore {
  /** Finds or makes the cluster's row; Kafka's cluster id names it. */
  registerCluster(cluster: { kafkaId: string; name: string; source: SourceKind }): Promise<number>;
  /**
   * Finds or makes an incarnation per topic. A topic whose id differs from its newest incarnation's becomes the next
   * one; incarnations that are no longer listed are marked gone.
   */
  registerTopics(
    clusterId: number,
    topics: readonly DiscoveredTopic[],
  ): Promise<readonly (RegisteredTopic & { n: number })[]>;
  positions(
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartition & { nextOffset: bigint | null })[]>;
  begin(positions: readonly BegunPosition[]): Promise<void>;
  /** See `RecordSink.claim`. The mark of ownership only ever grows. */
  claim(partitions: readonly TopicPartition[], ownership: Ownership): Promise<readonly OwnedPosition[]>;
  /**
   * Stores events, segments, dirty marks, counts and the next offset in one transaction, only if the stored position
   * still is `expectedOffset` and nobody has claimed the partition after `owner`; else answers `moved` with where it is,
   * or `lost`, and writes nothing.
   */
  storeBatch(batch: PreparedBatch): Promise<SinkAnswer>;
  storeHole(hole: SourceHole, owner: bigint | null): Promise<SinkAnswer>;
  storeWatermarks(samples: readonly WatermarkSample[]): Promise<void>;
  markUnreadable(
    clusterId: number,
    topics: readonly { readonly topic: string; readonly reason: string }[],
  ): Promise<void>;
}
