import type { PreparedEvent } from '../model/event.ts';
import type { Micros } from '../model/time.ts';
import type { SourceKind } from '../model/wire.ts';
import type { DiscoveredTopic, SinkAnswer, SourceHole, TopicPartition, WatermarkSample } from './source.ts';

/** One partition's rows, with the position they move. */
export interface PreparedBatch extends TopicPartition {
  readonly events: readonly PreparedEvent[];
  /** The stored position this batch continues; compare-and-set. */
  readonly expectedOffset: bigint;
  readonly nextOffset: bigint;
  readonly highWatermark: bigint;
  readonly storedAt: Micros;
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
  ): Promise<readonly (DiscoveredTopic & { incarnationId: number; n: number })[]>;
  positions(
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartition & { nextOffset: bigint | null })[]>;
  begin(partition: TopicPartition, offset: bigint): Promise<void>;
  /**
   * Stores events, segments, dirty marks, counts and the next offset in one transaction, only if the stored position
   * still is `expectedOffset`; else answers `moved` with where it is, and writes nothing.
   */
  storeBatch(batch: PreparedBatch): Promise<SinkAnswer>;
  storeHole(hole: SourceHole): Promise<SinkAnswer>;
  storeWatermarks(samples: readonly WatermarkSample[]): Promise<void>;
  markUnreadable(
    clusterId: number,
    topics: readonly { readonly topic: string; readonly reason: string }[],
  ): Promise<void>;
}
