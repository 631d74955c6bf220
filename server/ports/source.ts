import type { SourceRecord } from '../model/record.ts';
import type { Millis } from '../model/time.ts';
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

/** A discovered topic with what the sink knows of it. */
export interface RegisteredTopic extends DiscoveredTopic {
  readonly incarnationId: number;
  /**
   * Set on a topic that stood at the cluster's very first start: its partitions below `partitions` begin by the start
   * rule as of `atMs`, by whichever tap and whenever. All others begin at their beginning.
   */
  readonly firstStart: { readonly partitions: number; readonly atMs: Millis } | null;
}

/** A partition with the next offset to read. */
export interface Position extends TopicPartition {
  readonly nextOffset: bigint;
}

/** A position with the end of the first backfill, null for a partition that has none. */
export interface BegunPosition extends Position {
  /** The end of the log when the partition was begun at the cluster's first start. */
  readonly backfillEnd: bigint | null;
  /** Leadership of the partition that wrote the last stored record; null when not known. */
  readonly leaderEpoch: number | null;
}

/** Consecutive records of one partition, in offset order. Offsets may have gaps (compaction, transactions). */
export interface SourceBatch extends TopicPartition {
  readonly records: readonly SourceRecord[];
  /** The offset after the last one this batch covers, control records and compacted ones included. */
  readonly nextOffset: bigint;
  readonly highWatermark: bigint;
  /** Leadership that wrote the last record below `nextOffset`; null when the source does not know. */
  readonly leaderEpoch: number | null;
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

/** What a first backfill has left to read, told before it is read. */
export interface BackfillSurvey {
  readonly records: bigint;
  /** As they lie on the brokers; null while unknown. */
  readonly bytes: bigint | null;
  /** Who says so: the brokers, or an estimate from the first records that were read. */
  readonly bytesFrom: 'brokers' | 'sample' | null;
}

/**
 * Answer of a sink: stored; not ours to store because the partition already stands elsewhere; or no longer ours at all,
 * because a later share-out of the group gave it to another tap.
 */
export type SinkAnswer =
  | { readonly kind: 'stored' }
  | { readonly kind: 'moved'; readonly nextOffset: bigint }
  | { readonly kind: 'lost' };

/** Which share-out of the consumer group a tap stands in. */
export interface Ownership {
  /** Kafka's generation of the group. */
  readonly generation: number;
  /**
   * The coordinator has confirmed, after a refusal, that the generation is the current one: then the group itself has
   * begun to count anew (it was deleted, or has another name), and what stands is of its former life.
   */
  readonly confirmed: boolean;
}

/** Why a topic is unreadable until somebody allows the tap to read it; what else makes it so may pass by itself. */
export const MAY_NOT_READ = 'The tap may not read this topic: it needs the ACL operations Describe and Read on it.';

/** What a source is told to do with what it reads. Ingest implements it. */
export interface RecordSink {
  /**
   * Registers the topics of the cluster as they are now and answers with their incarnations. Called before any record
   * of a topic is delivered, and again at every discovery.
   */
  discovered(cluster: { kafkaId: string }, topics: readonly DiscoveredTopic[]): Promise<readonly RegisteredTopic[]>;
  /**
   * The stored position of each partition: the next offset to read, or null for one that was never stored (the source
   * then starts by its start rule and says so with `begin`).
   */
  positions(
    partitions: readonly TopicPartition[],
  ): Promise<readonly (TopicPartition & { nextOffset: bigint | null })[]>;
  /**
   * Records the offsets at which never-stored partitions begin, all of them or none. One that already stands is left
   * alone, so where each stands now is to be asked.
   */
  begin(positions: readonly BegunPosition[]): Promise<void>;
  /**
   * Takes ownership of partitions that have begun, and answers with where those stand that are ours now. Those that a
   * later share-out has given away are left out.
   */
  claim(partitions: readonly TopicPartition[], ownership: Ownership): Promise<readonly BegunPosition[]>;
  /** Stores a batch; resolves after commit. Throws when the store is away: the source pauses and tries again. */
  deliver(batch: SourceBatch): Promise<SinkAnswer>;
  /** Records a hole and moves the position past it, in one transaction. */
  hole(hole: SourceHole): Promise<SinkAnswer>;
  /**
   * The broker lost records that are stored, and put others at their offsets or will: names these offsets as a hole, below
   * the position, which stays. The stored records stay too.
   */
  rewritten(hole: SourceHole): Promise<void>;
  watermarks(samples: readonly WatermarkSample[]): Promise<void>;
  /** Topics this tap cannot read now, each with the reason in words; the list replaces the one it told before. */
  unreadable(topics: readonly { readonly topic: string; readonly reason: string }[]): Promise<void>;
  /** What this tap will read of the cluster's first backfill, and how fast at most; told again when it is known better. */
  backfill(survey: BackfillSurvey & { readonly bytesPerS: number | null }): void;
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
