import type { SourceRecord } from '../model/record.ts';
import type { HoleReason } from '../model/wire.ts';

/** One topic partition in one incarnation. */
export interface TopicPartition {
  readonly incarnationId: number;
  readonly topic: string;
  readonly partition: number;
}

/** A topic as discovery found it. `topicId` is Kafka's (UUID form), null where the broker has none. */
export interface DiscoveredTopic {
  readonly topic: string;
  readonly topicId: string | null;
  readonly partitions: number;
}

/** Consecutive records of one partition, in offset order. Offsets may have gaps (compaction, transactions). */
export interface SourceBatch extends TopicPartition {
  readonly records: readonly SourceRecord[];
  /** The offset after the last one this batch covers, control records and compacted ones included. */
  readonly nextOffset: bigint;
  readonly highWatermark: bigint;
}

/** Offsets the source found it cannot deliver. */
export interface SourceHole extends TopicPartition {
  readonly fromOffset: bigint;
  readonly toOffset: bigint;
  readonly reason: HoleReason;
}

/** Low and high watermark of a partition. */
export interface WatermarkSample extends TopicPartition {
  readonly low: bigint;
  readonly high: bigint;
}

/** Answer of a sink: stored, or not ours to store because the partition already stands elsewhere. */
export type SinkAnswer = { readonly kind: 'stored' } | { readonly kind: 'moved'; readonly nextOffset: bigint };

/** What a source is told to do with what it reads. Ingest implements it. */
export interface RecordSink {
  /**
   * Registers the topics of the cluster as they are now and answers with their incarnations. Called before any record
   * of a topic is delivered, and again at every discovery.
   */
  discovered(
    cluster: { kafkaId: string },
    topics: readonly DiscoveredTopic[],
  ): Promise<readonly (DiscoveredTopic & { incarnationId: number })[]>;
  /**
   * The stored position of each partition: the next offset to read, or null for one that was never stored (the source
   * then starts by its start rule and says so with `begin`).
   */
  positions(
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartition & { nextOffset: bigint | null })[]>;
  /** Records the offset at which a never-stored partition begins. A partition that already stands is left alone. */
  begin(partition: TopicPartition, offset: bigint): Promise<void>;
  /** Stores a batch; resolves after commit. Throws when the store is away: the source pauses and tries again. */
  deliver(batch: SourceBatch): Promise<SinkAnswer>;
  /** Records a hole and moves the position past it, in one transaction. */
  hole(hole: SourceHole): Promise<SinkAnswer>;
  watermarks(samples: readonly WatermarkSample[]): Promise<void>;
  /** Topics that cannot be read now, each with the reason in words; the list replaces the one before. */
  unreadable(topics: readonly { readonly topic: string; readonly reason: string }[]): Promise<void>;
  /** The connection came or went. `message` is a plain sentence: which address, what was tried. */
  connection(state: { readonly connected: boolean; readonly message: string | null }): void;
}

/** Where records come from: a Kafka cluster, or a recording. */
export interface Source {
  /** Starts delivering to the sink. Resolves once running; an unreachable broker is retried, not thrown. */
  start(sink: RecordSink): Promise<void>;
  /** Finishes the batch in hand and lets go of the connection. */
  stop(): Promise<void>;
}
