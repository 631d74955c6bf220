import type { Evidence, HopFlag } from './evidence.ts';
import type { RecordRef } from './record.ts';
import type { Micros } from './time.ts';
import type { StageKind } from './topic-stage.ts';

/** One event as the stitcher and settle see it: ids as keys, names as small ids. */
export interface StitchEvent extends RecordRef {
  /** Day (UTC, `YYYY-MM-DD`) on which the record was stored; part of the hop row's key. */
  readonly storedDay: string;
  readonly topic: string;
  readonly eventKey: string | null;
  readonly causationKey: string | null;
  readonly causationIsCorrelation: boolean;
  readonly typeId: number;
  /** The type as the event names it: requests and replies are told by its words. */
  readonly typeText: string;
  readonly serviceId: number | null;
  readonly occurredAt: Micros;
  readonly recordedAt: Micros;
  readonly bodyHash: bigint;
  /** What its topic is to its records, and the topic those come from (see `QueueNames`). */
  readonly topicKind: StageKind;
  readonly topicBase: string;
  /** The record is a dead letter, by its topic or by its headers. */
  readonly deadLetter: boolean;
  /** The span that produced the event, and the span that one hangs on: 64 bits, signed. */
  readonly span: bigint | null;
  readonly parentSpan: bigint | null;
  /** It is in the violation log. */
  readonly violating?: boolean;
  /** A copy of a dead letter for other eyes: it is none of its own. */
  readonly mirror?: boolean;
  /** Spans of further causes. */
  readonly links?: readonly bigint[];
}

/** The name of a record in sets, e.g. of those whose hops are sealed. */
export function recordKey({ incarnationId, partition, offset }: RecordRef): string {
  return `${incarnationId}/${partition}/${offset}`;
}

/** A step from a cause to its effect, or a root. An event has at most one parent and any number of further causes. */
export interface Hop {
  readonly effect: StitchEvent;
  /** 0 is the parent; others are further causes (fan-in): drawn and counted, never in a percentile. */
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

/** The same event on its way through a retry or a dead-letter topic. It stands beside the event, with a hop of its own. */
export interface Stage {
  readonly of: StitchEvent;
  readonly event: StitchEvent;
  readonly kind: 'retry' | 'dead letter';
}

/** A dead letter as what became of an event; null where the event is not known. */
export interface Outcome {
  readonly of: StitchEvent | null;
  readonly event: StitchEvent;
}

/** A further try: the same type again by the same service for the same cause, or the same event on a retry topic. */
export interface Attempt {
  /** The first try. */
  readonly of: StitchEvent;
  readonly event: StitchEvent;
  /** 2 for the second try. */
  readonly number: number;
}

/** A request and what answers it. */
export interface ReplyPair {
  readonly request: StitchEvent;
  readonly reply: StitchEvent;
}

/** An event on the critical path of its episode. */
export interface PathStep {
  readonly event: StitchEvent;
  /** Time since the step before, in microseconds; 0 for the first, negative under clock skew. */
  readonly waitUs: number;
  /** Its part of the path's time, 0 to 1; a negative wait has none. */
  readonly share: number;
}

/** A stretch of a trace between pauses longer than the episode gap. */
export interface Episode {
  /** In canonical order, none missing. */
  readonly events: readonly StitchEvent[];
  readonly startedAt: Micros;
  readonly endedAt: Micros;
  readonly durationUs: number;
  /** What lay between each event and the one before it, in microseconds; one less than events. */
  readonly waitsUs: readonly number[];
  /** From the last event back by parents to where the episode knows no further, first one first. */
  readonly criticalPath: readonly PathStep[];
}

/** A trace as `stitch` makes it: a pure function of its events and the topology. */
export interface StitchedTrace {
  /** Standing events in canonical order (occurred-at, record timestamp, topic, partition, offset). */
  readonly events: readonly StitchEvent[];
  /** In the order of `events`: of each the hop from its parent, or as a root, then those from further causes; none of a sealed one. */
  readonly hops: readonly Hop[];
  readonly stages: readonly Stage[];
  readonly outcomes: readonly Outcome[];
  /** Second and later tries. */
  readonly attempts: readonly Attempt[];
  readonly replies: readonly ReplyPair[];
  readonly episodes: readonly Episode[];
  /** True when there were too many events to infer causes: hops are then explicit ones and roots. */
  readonly inferenceLeftOut: boolean;
  readonly duplicates: readonly Duplicate[];
  /** Pairs with the same event id on the same topic and another body; both stand. */
  readonly conflicts: readonly Duplicate[];
  readonly startedAt: Micros;
  readonly endedAt: Micros;
}

/**
 * Who consumes what and what follows from what, as far as it is known. Without an entry for a service, order alone is
 * used. Versioned, because a hop inferred under one topology may differ under the next.
 */
export interface Topology {
  readonly version: number;
  /** Service id → topics. */
  readonly consumes: ReadonlyMap<number, ReadonlySet<string>>;
  /** `madeBy(service, type)` → types of events that named causes showed it to follow from. */
  readonly causeTypes: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Events that one service makes of one type. */
export type MadeBy = `${number | 'unknown'}/${number}`;

/** The key of events of one type by one service. */
export function madeBy(serviceId: number | null, typeId: number): MadeBy {
  return `${serviceId ?? 'unknown'}/${typeId}`;
}

/** No knowledge of consumers: inference falls back to the order of events. */
export const EMPTY_TOPOLOGY: Topology = { version: 1, consumes: new Map(), causeTypes: new Map() };

/**
 * Status of a trace's newest episode. It depends on the clock, so it is computed when asked, never stored.
 * `running`: the last event is younger than the episode gap; `done`: an ending type of its flow was seen; `unknown`: the
 * gap has passed and no declared ending was seen. `stalled` and `failed` need more knowledge than declared endings.
 */
export type TraceStatus = 'running' | 'done' | 'unknown' | 'stalled' | 'failed';

/** A pause after which a trace's next event starts a new episode, in milliseconds (design §1). */
export const EPISODE_GAP_MS = 30 * 60 * 1000;
