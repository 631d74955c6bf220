import type { GroupFacts } from '../model/consumer-group.ts';
import type { Millis } from '../model/time.ts';

/** What a group committed on one partition: the next offset it will read. */
export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** One group as it was seen in one look. */
export interface SeenGroup {
  readonly group: string;
  /** `unsure`: it was there before and nobody could say whether it still is; `gone`: its coordinator says it is not. */
  readonly presence: 'here' | 'gone' | 'unsure';
  /** Null when nothing is known of it in this look. */
  readonly facts: GroupFacts | null;
  /** Null when its offsets could not be read. */
  readonly offsets: readonly CommittedOffset[] | null;
  /** Why the offsets could not be read, in words. */
  readonly trouble: string | null;
}

/** Low and high watermark of one partition. */
export interface SeenPartition {
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
}

/** One topic as it was seen in one look. */
export interface SeenTopic {
  readonly topic: string;
  /** Kafka's; null where the broker has none. It was the same before and after the offsets were read. */
  readonly topicId: string | null;
  readonly partitions: readonly SeenPartition[];
  /** Why it, or one of its partitions, could not be looked at; null when all of it was. */
  readonly trouble: string | null;
}

/** One look at all groups and watermarks of a cluster. */
export interface ClusterLook {
  /** Kafka's cluster id. */
  readonly clusterId: string;
  /** Every committed offset was read after this instant … */
  readonly beganAt: Millis;
  /** … and before this one. Watermarks were read after the committed offsets. */
  readonly endedAt: Millis;
  readonly groups: readonly SeenGroup[];
  /** Why a broker did not list its groups, so that there may be some that nobody knows yet; null when all did. */
  readonly unlisted: string | null;
  readonly topics: readonly SeenTopic[];
  readonly requests: number;
}

/** What to look at. */
export interface LookWish {
  /** Groups that were there before: they are accounted for even when no broker lists them. */
  readonly groups: readonly { readonly group: string; readonly type: string | null }[];
  readonly topics: ReadonlySet<string>;
}

/** What a broker says of one topic's configuration. */
export interface TopicConfig {
  readonly topic: string;
  /** -1: for ever; null: not known. */
  readonly retentionMs: number | null;
  readonly cleanupPolicy: string | null;
  /** `errors.deadletterqueue.group.enable`: share groups send their dead letters there. */
  readonly deadLetters: boolean;
  /** Why it is not known, in words without a full stop; null where it is. */
  readonly trouble: string | null;
}

/** What watch asks of a cluster. */
export interface ClusterWatch {
  /** Kafka's cluster id. Rejects with a `ClusterAwayError` while no broker answers. */
  identify(): Promise<string>;
  /** Looks once. One bad group, topic or broker fails alone; rejects with a `ClusterAwayError` when none answers. */
  look(wish: LookWish): Promise<ClusterLook>;
  /** The configuration of some topics; each fails alone. Rejects with a `ClusterAwayError` when the broker does not answer. */
  configs(topics: readonly string[]): Promise<readonly TopicConfig[]>;
  /** Lets go of all connections; the next look connects anew. */
  close(): void;
}

/** No broker answers; the message is a sentence for an operator. */
export class ClusterAwayError extends Error {
  readonly code = 'cluster_away';
}
