import type { DeadLetterFacts } from './dead-letter.ts';
import type { Reason } from './reason.ts';
import type { RawRecord, RecordRef, TimestampType } from './record.ts';
import type { SchemaCheck } from './schema-check.ts';
import type { Micros } from './time.ts';
import type { IdKind } from './trace-key.ts';

/** The fields an envelope resolves to. Texts are as the event wrote them; null means the event does not say. */
export interface ResolvedFields {
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly service: string | null;
  /** Null when the event carries no readable time; the record timestamp stands in then. */
  readonly occurredAt: Micros | null;
  /** Trace id of a tracing system: 32 hex digits in lower case (64-bit ids with zeros in front), never all zeros. */
  readonly traceId: string | null;
  /** Span that produced the event: 16 hex digits in lower case, never all zeros. */
  readonly spanId: string | null;
  /** The span that one hangs on, in the same form. */
  readonly parentSpanId: string | null;
  readonly tenant: string | null;
}

export type ResolvedField = keyof ResolvedFields;

/** An envelope, resolved: the fields, the dialect that matched, and where each field was found. */
export interface ResolvedEnvelope extends ResolvedFields {
  readonly resolution: Resolution;
  readonly flags: readonly EventFlag[];
  /**
   * True when an id was a JSON number that `JSON.parse` may have rounded: the body has to be read exactly, and the
   * envelope resolved from that.
   */
  readonly needsExactNumbers: boolean;
}

/**
 * By which dialect an event was read, and by which of its rules each field. There are few of them, so they are stored as
 * small ids: the same rules always answer the same object.
 */
export interface Resolution {
  /** Name of the dialect, e.g. `onex-envelope-v1`; `none` when no dialect matched. */
  readonly dialect: string;
  /** Per resolved field the rule that found it, e.g. `body /correlation_id`, `header x-correlation-id`, `topic type`. */
  readonly origins: Readonly<Partial<Record<ResolvedField, string>>>;
}

/** Facts about one event that a reader must know; stored as bits. */
export const EVENT_FLAGS = {
  /** The event's time has no zone; it was read as UTC. */
  naive_time: 1,
  /** The event carries no readable time: `occurred_at` is the record timestamp. */
  time_from_record: 2,
  /** The event type is taken from the topic name. */
  type_from_topic: 4,
  /** A record of a dead-letter topic, or one whose headers say so. */
  dead_letter: 8,
  /** A copy of a dead letter for other eyes: it counts in no depth. */
  dead_letter_mirror: 16,
  /** The event's time lies more than a year before its record timestamp, or more than a day after it. */
  far_time: 32,
  /** A resolved field was written more than once with different values; the first header, the last JSON key counts. */
  repeated_field: 64,
  /** A header names another correlation id than the body, which wins. */
  correlation_mismatch: 128,
} as const;

export type EventFlag = keyof typeof EVENT_FLAGS;

/** The names of the bits set in `bits`, in declaration order. */
export function eventFlagsFromBits(bits: number): EventFlag[] {
  return (Object.keys(EVENT_FLAGS) as EventFlag[]).filter((flag) => (bits & EVENT_FLAGS[flag]) !== 0);
}

/**
 * What the pipeline makes of one record: everything a row needs, with ids as texts. The store turns type and service
 * into small ids and packs the raw bytes into segments.
 */
export interface PreparedEvent extends RecordRef {
  /** Trace key in UUID form. */
  readonly traceKey: string;
  readonly idKind: IdKind;
  /** The id the trace key was made of, as the event wrote it; null for `record` keys. */
  readonly idText: string | null;
  /** Event id as 16 bytes in UUID form (`idKey`). */
  readonly eventKey: string | null;
  readonly causationKey: string | null;
  /** The causation id equals the correlation id, which marks a root in some dialects. */
  readonly causationIsCorrelation: boolean;
  readonly eventType: string;
  readonly service: string | null;
  readonly resolution: Resolution;
  /** Span ids as 16 hex digits. */
  readonly spanId: string | null;
  readonly parentSpanId: string | null;
  /** What the event's trace is found by, beside its ids. */
  readonly terms: readonly Term[];
  readonly occurredAt: Micros;
  readonly recordedAt: Micros;
  readonly timestampType: TimestampType;
  readonly flags: readonly EventFlag[];
  readonly reason: Reason | null;
  /** Of a dead letter, mirrors apart: what it says of the failure and of its original. */
  readonly deadLetter: DeadLetterFacts | null;
  /** What its schemas say of it. */
  readonly check: SchemaCheck;
  /** What it carries, when it is one of those that drift is learned from. */
  readonly fields: SampledFields | null;
  /** Versions of the envelope rules and of the masking rules that made this row. */
  readonly resolverVersion: number;
  readonly maskVersion: number;
  /** First 8 bytes of SHA-256 of the value, as a signed 64-bit integer: tells a duplicate from a conflict. */
  readonly bodyHash: bigint;
  /** The raw record after the mask step; the store packs it into a segment. */
  readonly raw: RawRecord;
}

/** The fields of an event that is in the sample. */
export interface SampledFields {
  /** By path (`server/schema/field-path.ts`) the set of types there (`server/schema/field-types.ts`). */
  readonly types: ReadonlyMap<string, number>;
  /** The event was not looked at whole. */
  readonly cut: boolean;
}

/**
 * Kinds of search terms, with their stored codes. `trace`: a trace id of a tracing system that the trace is not keyed by;
 * `key`: a record key that is neither the correlation nor the event id. `field`: a declared value of the body, its name before it.
 */
export const TERM_KINDS = { trace: 1, key: 2, field: 3 } as const;

export type TermKind = keyof typeof TERM_KINDS;

/** A value by which a trace can be found; folded, and as long as it was. */
export interface Term {
  readonly kind: TermKind;
  readonly value: string;
}
