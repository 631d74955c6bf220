import type { GroupFacts } from '../model/consumer-group.ts';
import type { Millis } from '../model/time.ts';
import type { TopicConfig } from './cluster-watch.ts';

/** A topic that the tap reads, in its present life. */
export interface WatchedTopic {
  readonly incarnationId: number;
  readonly topic: string;
  readonly topicId: string | null;
}

/** What a group is known to have committed on one partition of one life of a topic. */
export interface KnownOffset {
  readonly group: string;
  readonly incarnationId: number;
  readonly topic: string;
  readonly partition: number;
  /** Null: none. */
  readonly committed: bigint | null;
  /** An offset that Kafka still tells for the group and that does not belong to this life of the topic. */
  readonly foreign: bigint | null;
  /** Begin of the last round that is known to have seen it so. */
  readonly goodAt: Millis | null;
}

/** A watermark as it was last stored. */
export interface KnownMark {
  readonly incarnationId: number;
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
  readonly at: Millis;
}

/** A group as it was last stored. */
export interface KnownGroup extends GroupFacts {
  readonly group: string;
  readonly trouble: string | null;
}

/** What the leader goes on from. */
export interface WatchState {
  /** Groups that are not gone. */
  readonly groups: readonly KnownGroup[];
  readonly offsets: readonly KnownOffset[];
  readonly marks: readonly KnownMark[];
  /** Begin of the last round in which everything could be read; null when there was none. */
  readonly cleanAt: Millis | null;
}

/** A committed offset that is another one than before. `offset` null: none any more. */
export interface CommittedChange {
  readonly group: string;
  readonly incarnationId: number;
  readonly partition: number;
  readonly was: bigint | null;
  readonly offset: bigint | null;
  readonly foreign: bigint | null;
  /** The last instant at which the former one was still seen; null when nobody looked before. */
  readonly afterAt: Millis | null;
}

/** A watermark that moved. */
export interface MarkChange {
  readonly incarnationId: number;
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
  readonly at: Millis;
  /** The high watermark of the history row before, and when it was last seen to be that. */
  readonly wasHigh: bigint | null;
  readonly wasAt: Millis | null;
}

/** What one round found to be different. */
export interface WatchRound {
  readonly beganAt: Millis;
  readonly endedAt: Millis;
  /** Why nothing at all could be read, in words; null for a round that read something. */
  readonly failure: string | null;
  /** Groups whose offsets could not be read, each with the reason in words. */
  readonly failedGroups: readonly { readonly group: string; readonly why: string }[];
  /** Why a broker did not list its groups; not there when all did. */
  readonly unlisted?: string | null;
  /** Topics that could not be looked at whole. */
  readonly failedTopics: readonly { readonly incarnationId: number; readonly why: string }[];
  /** Groups that are new or different. */
  readonly groups: readonly KnownGroup[];
  readonly goneGroups: readonly string[];
  readonly committed: readonly CommittedChange[];
  /** Current watermarks that moved, and those that go into the history. */
  readonly marks: readonly MarkChange[];
  readonly markHistory: readonly MarkChange[];
  readonly groupCount: number;
  readonly requests: number;
}

/** Where the leader of watch writes. One process at a time holds it, for one cluster. */
export interface WatchStore {
  /**
   * Tries to become the leader on a connection of its own and reads what is known; null while another process leads or
   * the cluster has not been registered yet. Every write goes through that connection.
   */
  acquire(clusterKafkaId: string): Promise<WatchState | null>;
  /** Topics that the tap reads now. */
  topics(): Promise<readonly WatchedTopic[]>;
  /**
   * Writes one round in one transaction. One that found nothing different, and failed where the one before failed, only
   * moves the end of that one's row.
   */
  write(round: WatchRound): Promise<void>;
  /** Writes what the broker says of topics' configurations. */
  writeConfigs(configs: readonly TopicConfig[]): Promise<void>;
  release(): Promise<void>;
}

/** The leader lost its connection, and with it the right to write. */
export class NotWatchLeaderError extends Error {
  readonly code = 'not_watch_leader';
}
