/**
 * The shapes of HTTP API v1 (design §6), shared by the server that writes them and the browser that reads them. Times
 * are RFC 3339 UTC texts, durations are numbers in ms (`_ms`) or s (`_s`), offsets and other 64-bit integers are texts.
 */
import type { AsOf } from './as-of.ts';
import type { ConsumptionWire } from './consumption-wire.ts';
import type { DeadLetterRecordWire } from './dead-letter-wire.ts';
import type { FieldName } from './dialect.ts';
import type { EventFlag } from './event.ts';
import type { HopEvidence, HopFlag } from './evidence.ts';
import type { HopSplitWire } from './hop-split-wire.ts';
import type { WhoseWire } from './owner-wire.ts';
import type { Reason } from './reason.ts';
import type { TimestampType } from './record.ts';
import type { StallWire } from './stall-wire.ts';
import type { TraceStatus } from './trace.ts';
import type { IdKind } from './trace-key.ts';
import type { EventSchema } from './violation-wire.ts';

/** RFC 9457 problem document; sent as `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Query parameters or fields at fault, each with a sentence. */
  readonly errors?: readonly { readonly name: string; readonly reason: string }[];
  /** On an unknown trace: correlation ids that begin like the one asked for. */
  readonly nearest?: readonly string[];
  /** On an unknown trace: what it was looked up in. */
  readonly searched?: Searched;
}

/** A byte value shown as text: `json` and `text` are verbatim, never re-serialised; `base64` for anything else. */
export interface Payload {
  readonly encoding: 'json' | 'text' | 'base64';
  readonly text: string;
  /** Length of the whole value in bytes, also when `text` is cut. */
  readonly bytes: number;
  readonly truncated: boolean;
  /** Of a value that was read by a registry's schema: what it says. The bytes above stay the truth. */
  readonly decoded?: DecodedPayload;
  /** Of a key of 16 bytes that are no text: the UUID that they are. */
  readonly uuid?: string;
}

/** A value as its schema reads it. */
export interface DecodedPayload {
  readonly format: 'avro' | 'protobuf' | 'json schema';
  /** JSON, every digit of an integer as it was; no whole JSON any more when `truncated`. */
  readonly text: string;
  readonly truncated: boolean;
  /** The number or GUID of its schema, and the registry that gave it out. */
  readonly schema: { readonly registry: string; readonly id: string };
}

export interface HeaderWire {
  readonly name: string;
  /** Null for a header without a value. */
  readonly value: Payload | null;
}

/** One point of a trace drawn as a line: where in time, and how it hangs on its cause. */
export interface Station {
  readonly event_type: string;
  readonly service: string | null;
  /** Milliseconds after the trace's start. */
  readonly at_ms: number;
  /** Null for a root. */
  readonly evidence: HopEvidence | null;
}

export interface TraceSummary {
  /** The id as the events wrote it, cut at 1,024 characters (`correlation_id_truncated` says so). */
  readonly correlation_id: string;
  readonly correlation_id_truncated: boolean;
  /** 32 hex digits; `GET /traces/key:{trace_key}` always finds the trace. */
  readonly trace_key: string;
  /** `trace`: its events name no correlation id, and `correlation_id` is the trace id of a tracing system. */
  readonly id_kind: IdKind;
  readonly started_at: string;
  readonly ended_at: string;
  readonly duration_ms: number;
  readonly event_count: number;
  /** In order of first appearance. */
  readonly services: readonly string[];
  /** In order of first appearance. */
  readonly event_types: readonly string[];
  readonly topics: readonly string[];
  readonly flow: string | null;
  readonly status: TraceStatus;
  readonly violation_count: number;
  /** Dead letters of its events, mirrors apart. */
  readonly dead_letter_count: number;
  /** Up to 40 stations in order, for drawing; present with `include=line`. */
  readonly line?: readonly Station[];
}

/** What an empty list was looked up in. */
export interface Searched {
  /** Records stored in all, as text. */
  readonly records: string;
  /** Records on the brokers that the tap has not read yet, as text. */
  readonly lag: string;
  readonly partitions: number;
  readonly undecodable: string;
  readonly uncorrelated: string;
  /** Records that were stored and have expired, as text: they were not searched. */
  readonly expired: string;
  readonly unreadable_topics: readonly string[];
}

export interface TraceList extends AsOf {
  readonly traces: readonly TraceSummary[];
  readonly next_cursor: string | null;
  /** Traces of event types that only ever appear alone (heartbeats), folded out of this list. */
  readonly singles_folded: number;
  readonly searched?: Searched;
}

/**
 * Why stored bytes are not good: they fail their checksum, are not laid out as written, or are not there, or cannot be
 * read by PostgreSQL itself.
 */
export type DamageReason = 'checksum' | 'layout' | 'lost';

/** `expired`: dropped by retention, as it should be. */
export type PayloadMissing = 'expired' | DamageReason;

export interface ParentWire {
  readonly id: string;
  readonly evidence: HopEvidence;
  readonly hop_ms: number;
  readonly flags: readonly HopFlag[];
}

/** What a dead letter says of the event that it is the end of. */
export interface DeadLetterWire {
  /** Why it became one, cut at 300 characters; null where it does not say, or its bytes cannot be shown. */
  readonly reason: string | null;
  /** How often it was tried again before; null where it does not say. */
  readonly retries: number | null;
  /** Where the event stood before. */
  readonly original: {
    readonly topic: string;
    readonly partition: number | null;
    readonly offset: string | null;
  } | null;
}

export interface TraceEvent {
  /** `{cluster}/{topic}~{n}/{partition}/{offset}` */
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly event_id: string | null;
  readonly event_type: string;
  readonly service: string | null;
  readonly dialect: string;
  /** Trace id of a tracing system, 32 hex digits; null also where the record's bytes cannot be shown. */
  readonly trace_id: string | null;
  /** Span that produced the event, and the one it hangs on: 16 hex digits. */
  readonly span_id: string | null;
  readonly parent_span_id: string | null;
  readonly occurred_at: string;
  readonly recorded_at: string;
  readonly timestamp_type: TimestampType;
  readonly stored_at: string;
  readonly causation_id: string | null;
  readonly parent: ParentWire | null;
  readonly more_causes: readonly { readonly id: string; readonly evidence: HopEvidence; readonly hop_ms: number }[];
  /** The event names a cause that is not stored. */
  readonly dangling_cause: boolean;
  readonly flags: readonly EventFlag[];
  readonly reason: Reason | null;
  readonly key: Payload | null;
  readonly headers: readonly HeaderWire[];
  readonly schema: EventSchema;
  /** Of a dead letter, mirrors apart: what it says of its original. */
  readonly dead_letter: DeadLetterWire | null;
  /** Record ids of copies: same event id, topic and body. */
  readonly duplicates: readonly string[];
  /** Present with `include=payload`: null for a tombstone, absent when `payload_missing` says why. */
  readonly payload?: Payload | null;
  /** Why key, headers and value cannot be shown; ids are hashes then. Null when they can. */
  readonly payload_missing: PayloadMissing | null;
}

export interface TraceDetail extends TraceSummary, AsOf {
  /** Where it stopped, of a stalled trace. */
  readonly stall: StallWire | null;
  /** Whose the missing step of a stalled trace is, or the failing event of a failed one; else null. */
  readonly owner: WhoseWire | null;
  /** What made the status, where its word alone does not say it: the failing type, or that the tap is behind. */
  readonly status_reason: string | null;
  readonly producer_count: number;
  readonly events: readonly TraceEvent[];
  /** Of its events, also those whose own id is another: at most 100, the oldest first. */
  readonly dead_letters: readonly DeadLetterRecordWire[];
  readonly next_cursor: string | null;
  /** Events whose stored day has been dropped. */
  readonly expired_events: number;
  /** Traces in which the same ids appear, by key. */
  readonly settled_at: string;
}

/** One event whole. */
export interface EventDetail extends TraceEvent, AsOf {
  readonly correlation_id: string | null;
  readonly trace_key: string;
  readonly payload: Payload | null;
  /** Each field as it stands in the stored bytes, and the rule that found it when the event was stored. */
  readonly resolved: readonly {
    readonly field: FieldName;
    readonly value: string | null;
    readonly origin: string | null;
  }[];
  /** The rules it was read by, and whether they are in force. */
  readonly rules: { readonly version: number; readonly current: boolean };
  /** For each group that committed on the topic: whether it has passed this event. */
  readonly consumption: readonly ConsumptionWire[];
  /** How its hop lies around the commit of the group that consumed its cause; null for an event that begins a trace. */
  readonly hop_split: HopSplitWire | null;
}

/** A stored event in a list of events. */
export interface EventSummary {
  readonly id: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly event_type: string;
  readonly service: string | null;
  readonly occurred_at: string;
  readonly stored_at: string;
  readonly reason: Reason | null;
  readonly trace_key: string;
}

export interface EventList extends AsOf {
  readonly events: readonly EventSummary[];
  readonly next_cursor: string | null;
}

export type HoleReason = 'retention' | 'compaction' | 'not authorised' | 'too large' | 'identity unknown' | 'unknown';

export interface OffsetRange {
  /** First offset of the range. */
  readonly from: string;
  /** One past the last offset. */
  readonly to: string;
}

export interface HoleWire extends OffsetRange {
  readonly reason: HoleReason;
  readonly noticed_at: string;
}

export interface PartitionCoverage {
  readonly topic: string;
  /** The incarnation's ordinal, 1, 2 … */
  readonly n: number;
  readonly partition: number;
  /** Offsets that were stored, expired ones included; with `holes_omitted` from the last of those on. */
  readonly stored: readonly OffsetRange[];
  readonly low: string | null;
  readonly high: string | null;
  /** The next offset the tap will store. */
  readonly next: string;
  /** Records between `next` and the high watermark, as text; null while the watermark is not known. */
  readonly lag: string | null;
  /**
   * How old the oldest unread record is at most: since the tap last had read everything, or by the timestamp of the last
   * stored record, whichever is less. 0 without lag; null while neither is known.
   */
  readonly lag_s: number | null;
  readonly last_recorded_at: string | null;
  readonly gone: boolean;
  /** The newest 500. */
  readonly holes: readonly HoleWire[];
  /** Holes before those. */
  readonly holes_omitted: number;
  /** Stored records whose bytes are damaged or lost, the newest 100. Their events are whole. */
  readonly damaged: readonly DamageWire[];
}

/** A run of stored records whose bytes cannot be shown. */
export interface DamageWire {
  /** Offset of the first of them. */
  readonly from: string;
  readonly records: number;
  readonly why: DamageReason;
  readonly noticed_at: string;
}

/** One stretch of the through line. `unread` is dotted, `hole` hatched, `unheard` dotted too: no tap was running. */
export interface LineStretch {
  readonly from: string;
  readonly to: string;
  readonly kind: 'stored' | 'hole' | 'unread' | 'unheard';
  /** A sentence for the tooltip; null for stored stretches. */
  readonly why: string | null;
}

/** Where the records come from. `replay` is labelled on every page. */
export type SourceKind = 'kafka' | 'embedded' | 'replay';

/** The first backfill of a named cluster, while some of it is left to read. Counts and bytes are texts. */
export interface BackfillWire {
  /** Records to read as the taps began it. */
  readonly records: string;
  /** Records of it that are not read yet. */
  readonly records_left: string;
  /** As they lie on the brokers; null while unknown. */
  readonly bytes: string | null;
  /** Most disk that it needs here; null while unknown. */
  readonly disk_bytes: string | null;
  readonly started_at: string;
  /** Most bytes a second, over all taps; null for no cap. */
  readonly bytes_per_s: number | null;
}

/** What the tap says of itself. */
export interface TapWire {
  readonly connected: boolean;
  /** A plain sentence while not connected: which address, what was tried. */
  readonly message: string | null;
  readonly since: string | null;
  readonly up: number;
  readonly known: number;
  /** Records not read yet over all partitions, as text. */
  readonly lag: string;
  /** The largest `lag_s` of all partitions, 0 when everything is read; null when that of one with lag is not known. */
  readonly behind_s: number | null;
  /** Null when no first backfill is under way. */
  readonly backfill: BackfillWire | null;
  /** Topics the tap cannot read, each with the reason. */
  readonly unreadable: readonly { readonly topic: string; readonly reason: string }[];
}

/** The small status that heads every page and comes with every live pulse. */
export interface Pulse {
  readonly as_of: string;
  readonly cluster: { readonly id: string; readonly name: string; readonly source: SourceKind } | null;
  readonly tap: TapWire;
  readonly settled: {
    /** Everything stored before this instant is stitched. */
    readonly to: string;
    /** Traces waiting to be stitched. */
    readonly waiting: number;
  };
  readonly stored_share: number | null;
  readonly holes: number;
}

/** What is covered in all; what every page shows beside its numbers. */
export interface CoverageSummary extends Pulse {
  readonly totals: CoverageTotals;
  readonly range: { readonly from: string; readonly to: string };
  readonly line: readonly LineStretch[];
}

/** Sums over all partitions; 64-bit integers as text. */
export interface CoverageTotals {
  /** Records stored and not expired. */
  readonly stored: string;
  readonly undecodable: string;
  readonly uncorrelated: string;
  readonly violating: string;
  /** Records that were stored and have expired. */
  readonly expired: string;
  /** Records whose key, headers and value have expired, of those above or with their event still stored. */
  readonly payload_expired: string;
  /** Stored records whose bytes turned out to be damaged or lost. */
  readonly damaged: string;
  readonly holes: readonly { readonly reason: HoleReason; readonly holes: number; readonly records: string }[];
  /** Topics and partitions that are on the cluster now. */
  readonly topics: number;
  readonly partitions: number;
  /** Timestamp of the newest stored record. */
  readonly last_recorded_at: string | null;
}

/** `GET /coverage`: the sums, and a page of partitions by topic, incarnation and number. */
export interface Coverage extends CoverageSummary {
  readonly partitions: readonly PartitionCoverage[];
  readonly next_cursor: string | null;
}

/** Counts per minute for the lanes of the overview; minutes without a row are absent, not zero, when unheard. */
export interface ActivityWire extends AsOf {
  readonly from: string;
  readonly to: string;
  readonly step_s: number;
  readonly buckets: readonly {
    readonly at: string;
    readonly stored: number;
    readonly traces: number;
    readonly undecodable: number;
    readonly uncorrelated: number;
  }[];
}

export interface Health {
  readonly status: 'ok' | 'degraded' | 'down';
  readonly version: string;
  /** Null when no first backfill is under way, or nobody knows. */
  readonly backfill: BackfillWire | null;
  readonly checks: readonly {
    readonly name: 'database' | 'tap' | 'kafka' | 'settle';
    readonly status: 'ok' | 'degraded' | 'down';
    readonly reason: string | null;
  }[];
}
