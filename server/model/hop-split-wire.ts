/** A length of time of which only the bounds are known. */
export interface StretchWire {
  readonly from_ms: number;
  readonly to_ms: number;
}

/** Why a hop cannot be split where its consumer group committed. */
export const SPLIT_GAPS = [
  'cause_not_stored',
  /** The effect occurred before its cause. */
  'clock_skew',
  'no_service',
  /** No group that is known to be the service's has committed on the cause's topic. */
  'no_group',
  /** More than one has, and nobody knows which of them made the effect. */
  'several_groups',
  'never_committed',
  /** It has not committed an offset behind the cause yet. */
  'not_committed',
  /** What it has committed could not be read, or is of a former life of the topic. */
  'commits_unread',
  /** By the watch's clock the commit came before the cause, or its bounds are the wrong way round. */
  'clocks_disagree',
  /** The first look at the group found it behind the cause, and came after the effect. */
  'not_watched',
  /** The whole hop lies between two looks at the group. */
  'too_coarse',
] as const;

export type SplitGap = (typeof SPLIT_GAPS)[number];

/** Groups that a hop which cannot be split names; there may be more. */
export const MOST_GROUPS_NAMED = 10;

/**
 * A hop, split at the instant at which the consumer group of the effect's service had committed an offset behind the
 * cause. It says nothing of processing: groups commit before their work, after it or by a timer. The commit is known by
 * the watch's clock between two looks, the hop by the clocks of its events.
 */
export type HopSplitWire =
  | {
      readonly state: 'split';
      readonly group: string;
      /** Time between the two looks; null when nobody looked before the commit. */
      readonly resolution_ms: number | null;
      /** Where the commit lies; `around_effect`: the looks do not tell. */
      readonly commit: 'before_effect' | 'around_effect' | 'after_effect';
      /** From the cause until the commit, at most until the effect. The least of one stretch and the most of the other make the hop. */
      readonly until_commit: StretchWire;
      /** From there until the effect; nothing where the commit came later. */
      readonly after_commit: StretchWire;
    }
  | {
      readonly state: 'unknown';
      readonly reason: SplitGap;
      /** The same as a sentence. */
      readonly why: string;
      /** Those of the service that have committed on the cause's topic, at most ten. */
      readonly groups: readonly string[];
      readonly resolution_ms: number | null;
    };
