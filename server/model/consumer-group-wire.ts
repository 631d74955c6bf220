import type { AsOf } from './as-of.ts';

/** Lag of a group on one partition, one topic, or all it reads. */
export interface LagWire {
  /** Records between the committed offset and the high watermark, as text; null while not known. */
  readonly lag: string | null;
  /** Since when the first of them lies there; 0 without lag, null when not known. */
  readonly lag_s: number | null;
  /** `lag_s` is known to within this; null when it is only known that it is at least that long. */
  readonly lag_s_within: number | null;
}

export interface GroupPartition extends LagWire {
  readonly partition: number;
  /** The next offset the group will read; null when it has committed none, or none of this life of the topic. */
  readonly committed: string | null;
  readonly low: string | null;
  readonly high: string | null;
  /** When the committed offset changed last: after the first instant, before the second. */
  readonly changed_after: string | null;
  readonly changed_before: string | null;
  /** An offset Kafka still tells that belongs to a former life of the topic. */
  readonly foreign: string | null;
}

export interface GroupTopic extends LagWire {
  readonly topic: string;
  /** The incarnation's ordinal, 1, 2 … */
  readonly n: number;
  readonly partition_count: number;
  /** Partitions on which the group has not committed, or whose end is not known: `lag` leaves them out. */
  readonly unknown_count: number;
  /** With `include=partitions`. */
  readonly partitions?: readonly GroupPartition[];
}

export interface ConsumerGroup extends LagWire {
  readonly group: string;
  /** The tap's own. */
  readonly own: boolean;
  /** `classic`, `consumer` (KIP-848), `share`, `streams`; null where the broker does not say. */
  readonly type: string | null;
  readonly protocol_type: string;
  /** Null: not describable, and `undescribable` says why. */
  readonly state: string | null;
  readonly undescribable: string | null;
  /** Why its offsets could not be read in the newest round; what is shown is older then. */
  readonly trouble: string | null;
  readonly member_count: number | null;
  /** At most 50. */
  readonly members: readonly {
    readonly client_id: string;
    readonly host: string;
    readonly instance_id: string | null;
  }[];
  readonly first_seen_at: string;
  readonly topics: readonly GroupTopic[];
}

/** How well the groups are watched. */
export interface WatchWire {
  /** End of the newest round that read something; null before the first. */
  readonly sampled_at: string | null;
  /** Between the last two looks; null before the second. */
  readonly resolution_s: number | null;
  /** Why the newest round read nothing; null when it did. */
  readonly failure: string | null;
  /** Groups and topics that the newest round could not read, by reason. */
  readonly failed: readonly { readonly reason: string; readonly count: number }[];
  readonly group_count: number;
}

export interface ConsumerGroupList extends AsOf {
  readonly groups: readonly ConsumerGroup[];
  readonly next_cursor: string | null;
  readonly watch: WatchWire;
}
