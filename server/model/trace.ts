import type { Evidence, HopFlag } from './evidence.ts';
import type { RecordRef } from './record.ts';
import type { Micros } from './time.ts';

/** One event as the stitcher and settle see it: ids as keys, names as small ids. */
export interface StitchEvent extends RecordRef {
  /** Day (UTC, `YYYY-MM-DD`) on which the record was stored; part of the hop row's key. */
  readonly storedDay: string;
  readonly topic: string;
  readonly eventKey: string | null;
  readonly causationKey: string | null;
  readonly causationIsCorrelation: boolean;
  readonly typeId: number;
  readonly serviceId: number | null;
  readonly occurredAt: Micros;
  readonly recordedAt: Micros;
  readonly bodyHash: bigint;
  /** A record of a dead-letter topic, or one that says so; absent means no. */
  readonly deadLetter?: boolean;
}

/** A further cause of an event beyond its parent (fan-in): drawn and counted, never in a percentile. */
export interface Hop {
  readonly effect: StitchEvent;
  /** 0 is the parent; others are further causes. */
  readonly ordinal: number;
  readonly evidence: Evidence;
  /** Null for `root`, and for an event whose named cause is not stored. */
  readonly cause: StitchEvent | null;
  /** Effect's occurred-at minus cause's, in microseconds; null without a cause. Negative under clock skew. */
  readonly hopUs: number | null;
  readonly flags: readonly HopFlag[];
}

/** Another copy of an event: the same event id on the same topic with the same body. It has no hop of its own. */
export interface Duplicate {
  readonly of: StitchEvent;
  readonly copy: StitchEvent;
}

/** A trace as `stitch` makes it: a pure function of its events and the topology. */
export interface StitchedTrace {
  /** Standing events in canonical order (occurred-at, record timestamp, topic, partition, offset). */
  readonly events: readonly StitchEvent[];
  /** One hop of ordinal 0 per standing event, in the order of `events`. */
  readonly hops: readonly Hop[];
  readonly duplicates: readonly Duplicate[];
  /** Pairs with the same event id on the same topic and another body; both stand. */
  readonly conflicts: readonly Duplicate[];
  readonly startedAt: Micros;
  readonly endedAt: Micros;
}

/**
 * Who consumes what, as far as it is known: service id → topics. Without an entry for a service, order alone is used.
 * Versioned, because a hop inferred under one topology may differ under the next.
 */
export interface Topology {
  readonly version: number;
  readonly consumes: ReadonlyMap<number, ReadonlySet<string>>;
}

/** No knowledge of consumers: inference falls back to the order of events. */
export const EMPTY_TOPOLOGY: Topology = { version: 1, consumes: new Map() };

/**
 * Status of a trace's newest episode. It depends on the clock, so it is computed when asked, never stored.
 * `running`: the last event is younger than the episode gap; `done`: an ending type of its flow was seen; `unknown`: the
 * gap has passed and no declared ending was seen. `stalled` and `failed` need more knowledge than declared endings.
 */
export type TraceStatus = 'running' | 'done' | 'unknown' | 'stalled' | 'failed';

/** A pause after which a trace's next event starts a new episode, in milliseconds (design §1). */
export const EPISODE_GAP_MS = 30 * 60 * 1000;
