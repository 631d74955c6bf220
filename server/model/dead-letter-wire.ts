import type { AsOf } from './as-of.ts';
import type { DeadLetterDimension, DeadLetterFamily, DeadLetterProblem, QueueBasis, QueueKind } from './dead-letter.ts';
import type { WhoseWire } from './owner-wire.ts';

/** What somebody says of a queue, of a group of dead letters, or of one of them. It never touches Kafka. */
export type MarkState = 'new' | 'acknowledged' | 'resolved';

/** A mark as pages show it. `back`: it was resolved, and dead letters have come since. */
export interface MarkWire {
  readonly state: MarkState | 'back';
  readonly since: string | null;
  readonly note: string | null;
}

/** A group that works a queue off, as declared. */
export interface TriageGroupWire {
  readonly group: string;
  /** False: it has committed nothing on this queue, or there is no such group. */
  readonly committed: boolean;
}

/** A topic of dead letters, of a stage on the way there, or of copies. Offsets and counts of records are texts. */
export interface DeadLetterQueueWire {
  readonly cluster: string;
  readonly topic: string;
  /** Which life of the topic. */
  readonly n: number;
  readonly kind: QueueKind;
  /** What says so, and the same as a sentence without a full stop. */
  readonly by: QueueBasis;
  readonly why: string;
  readonly whose: WhoseWire;
  /** When its ends were last looked at; null where they never were, and depth is then null too. */
  readonly looked_at: string | null;
  /** Σ over partitions of high watermark − max(low watermark, triage group's committed offset). */
  readonly depth: string | null;
  /** Σ of high − low: what the broker still holds, worked off or not. */
  readonly held: string | null;
  /** Our own rows between the same offsets as `depth`. */
  readonly stored: string;
  /** Why `stored` is another number than `depth`, as a sentence; null where they are the same. */
  readonly difference: string | null;
  /** Mean of the last hour; null where nothing is stored of it. */
  readonly arrivals_per_min: number | null;
  /** Dead letters per step of the last hour, oldest first. */
  readonly trend: readonly number[];
  /** Of those that are not worked off, the one first written. */
  readonly oldest_at: string | null;
  readonly oldest_age_s: number | null;
  /** When retention deletes the oldest, unhandled; negative: it may go at any moment. Null: `expires_why` says why. */
  readonly expires_in_s: number | null;
  readonly expires_why: string | null;
  readonly retention_ms: number | null;
  readonly cleanup_policy: string | null;
  /** The fingerprint most of the last day's dead letters share. */
  readonly main_reason: string | null;
  readonly last_at: string | null;
  readonly triage_groups: readonly TriageGroupWire[];
  readonly mark: MarkWire | null;
}

export interface QueuePartitionWire {
  readonly partition: number;
  readonly low: string;
  readonly high: string;
  /** What the triage groups have committed, the lowest of several. */
  readonly triaged: string | null;
  readonly depth: string;
  /** Our own rows between the same offsets. */
  readonly stored: string;
  readonly oldest_at: string | null;
}

/** Something that failed and of which no dead letter is stored. */
export interface FailureWithoutDeadLetter {
  /**
   * `error event`: its type says that something failed. `runtime error`: its topic is one of runtime errors.
   * `no reply`: the usual next event is overdue; the type is that of the event that waits.
   */
  readonly kind: 'error event' | 'runtime error' | 'no reply';
  readonly event_type: string;
  /** Of `no reply`: the event that did not come. */
  readonly missing_type: string | null;
  readonly whose: WhoseWire;
  /** Traces of the last day. */
  readonly count: number;
  /** Newest first, at most five. */
  readonly exemplars: readonly {
    readonly correlation_id: string;
    readonly trace_key: string;
    readonly at: string;
  }[];
}

/** `GET /dead-letters` */
export interface DeadLetterQueues extends AsOf {
  /** Those that count, what expires first in front, then the deepest. */
  readonly queues: readonly DeadLetterQueueWire[];
  /** Quarantine, retry stages and mirrors: listed, never counted. */
  readonly others: readonly DeadLetterQueueWire[];
  /** More topics are queues than are listed. */
  readonly more: boolean;
  readonly total: {
    /** Sums over `queues`; null where none of them was looked at. */
    readonly depth: string | null;
    readonly stored: string;
    readonly arrivals_per_min: number | null;
    readonly oldest_age_s: number | null;
    readonly expires_in_s: number | null;
    /** Queues whose depth is not known. */
    readonly unknown: number;
  };
  readonly without_dead_letter: readonly FailureWithoutDeadLetter[];
}

/** Dead letters of one queue that say the same, by the dimension asked for. */
export interface DeadLetterGroupWire {
  /**
   * What the query parameter named like the dimension takes to list them: 32 hex digits for `reason`, else the text. Null:
   * `without` with the dimension's name lists them.
   */
  readonly key: string | null;
  /** The fingerprint, class, topic, service or type; null where they say none. */
  readonly value: string | null;
  /** In the range. */
  readonly count: number;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly trend: readonly number[];
  /** Whole, of the newest. */
  readonly newest_reason: string | null;
  /** What its dead letters say besides, at most five of each, those with most first. */
  readonly error_classes: readonly string[];
  readonly original_topics: readonly string[];
  readonly services: readonly string[];
  readonly event_types: readonly string[];
  /** Of groups by reason. */
  readonly mark: MarkWire | null;
}

/** Where a dead letter says that its event stood. */
export interface OriginalPlaceWire {
  readonly topic: string | null;
  readonly partition: number | null;
  readonly offset: string | null;
  /** Record timestamp, as the dead letter says. */
  readonly timestamp: string | null;
}

/**
 * Whether its original is stored. `not named`: it does not say where it stood. `unknown topic`: no topic of that name was
 * ever seen. `not read yet`: the tap has not come there. `not stored`: the tap has passed the place, and nothing is there.
 */
export type OriginalState = 'stored' | 'not named' | 'unknown topic' | 'not read yet' | 'not stored' | 'expired';

export interface DeadLetterRecordWire {
  /** `{cluster}/{topic}~{n}/{partition}/{offset}` */
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly recorded_at: string;
  readonly stored_at: string;
  /** When it failed, as the dead letter says. */
  readonly failed_at: string | null;
  /** By whose convention it is written. */
  readonly family: DeadLetterFamily;
  /** Cut at 500 characters. */
  readonly reason: string | null;
  /** The reason with numbers, ids and quotes folded, and its key. */
  readonly fingerprint: string | null;
  readonly reason_key: string;
  readonly error_class: string | null;
  readonly retry_count: number | null;
  readonly consumer_group: string | null;
  readonly event_type: string;
  readonly service: string | null;
  readonly original: OriginalPlaceWire;
  readonly original_state: OriginalState;
  /** Record id of the stored original. */
  readonly original_id: string | null;
  /** The original's where that is stored, else its own. */
  readonly correlation_id: string | null;
  readonly correlation_origin: 'by coordinates' | 'own' | null;
  /** Key of the trace that `correlation_id` names, else of its own. */
  readonly trace_key: string;
  /** What of it could not be read. */
  readonly problems: readonly DeadLetterProblem[];
  readonly mark: MarkWire | null;
}

/** `GET /dead-letters/{topic}` */
export interface DeadLetterQueueDetail extends AsOf {
  readonly queue: DeadLetterQueueWire;
  readonly partitions: readonly QueuePartitionWire[];
  readonly from: string;
  readonly to: string;
  readonly step_s: number;
  readonly group_by: DeadLetterDimension;
  /** Most dead letters first; resolved ones last. */
  readonly groups: readonly DeadLetterGroupWire[];
  readonly more_groups: boolean;
  /** Newest first, of all groups or of the one asked for. */
  readonly records: readonly DeadLetterRecordWire[];
  readonly next_cursor: string | null;
}

/** What is sent to mark a queue, one of its groups by reason, or one record. */
export interface MarkRequest {
  readonly topic: string;
  /** `reason_key` of a group. */
  readonly reason?: string | null;
  /** Id of a record. */
  readonly record?: string | null;
  readonly state: MarkState;
  readonly note?: string | null;
}
