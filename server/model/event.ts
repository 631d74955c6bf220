import type { Reason } from './reason.ts';
import type { RawRecord, RecordRef, TimestampType } from './record.ts';
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
}

export type ResolvedField = keyof ResolvedFields;

/** An envelope, resolved: the fields, the dialect that matched, and where each field was found. */
export interface ResolvedEnvelope extends ResolvedFields {
  /** Name of the dialect, e.g. `onex-envelope-v1`; `none` when no dialect matched. */
  readonly dialect: string;
  /** Per resolved field where it came from, e.g. `body /correlation_id`, `topic name`, `record timestamp`. */
  readonly origins: Partial<Record<ResolvedField, string>>;
  readonly flags: readonly EventFlag[];
}

/** Facts about one event that a reader must know; stored as bits. */
export const EVENT_FLAGS = {
  /** The event's time has no zone; it was read as UTC. */
  naive_time: 1,
  /** The event carries no readable time: `occurred_at` is the record timestamp. */
  time_from_record: 2,
  /** The event type is taken from the topic name. */
  type_from_topic: 4,
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
  readonly dialect: string;
  readonly occurredAt: Micros;
  readonly recordedAt: Micros;
  readonly timestampType: TimestampType;
  readonly flags: readonly EventFlag[];
  readonly reason: Reason | null;
  /** Versions of the envelope rules and of the masking rules that made this row. */
  readonly resolverVersion: number;
  readonly maskVersion: number;
  /** First 8 bytes of SHA-256 of the value, as a signed 64-bit integer: tells a duplicate from a conflict. */
  readonly bodyHash: bigint;
  /** The raw record after the mask step; the store packs it into a segment. */
  readonly raw: RawRecord;
}
