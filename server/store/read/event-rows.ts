import { EVENT_FLAGS, eventFlagsFromBits, type ResolvedField } from '../../model/event.ts';
import { evidenceFromCode, hopFlagsFromBits } from '../../model/evidence.ts';
import { reasonFromCode } from '../../model/reason.ts';
import { type RawRecord, recordId, type SourceRecord } from '../../model/record.ts';
import { microsToRfc3339, millis } from '../../model/time.ts';
import type { ParentWire, PayloadMissing, TraceEvent } from '../../model/wire.ts';
import type { RecordReader, RecordReading } from '../../ports/reads.ts';
import { timestampTypeOf } from '../codes.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import { toDeadLetterWire } from './dead-letter.ts';
import { type PayloadBudget, toHeaders, toKeyPayload, toValuePayload } from './payload.ts';
import type { StoredRef } from './segment-bytes.ts';
import { causeEvidence, PARENT_HOP } from './trace-line.ts';

/** An event with its names and its parent hop. */
export interface EventRow {
  readonly stored_day: string;
  readonly incarnation_id: number;
  readonly partition: number;
  readonly offset: string;
  readonly trace_key: string;
  readonly cluster: string;
  readonly topic: string;
  readonly n: number;
  readonly event_key: string | null;
  readonly causation_key: string | null;
  readonly event_type: string;
  readonly service: string | null;
  readonly dialect: string;
  readonly origins: Readonly<Partial<Record<ResolvedField, string>>>;
  readonly resolver_version: number;
  /** Signed 64-bit integers. */
  readonly span: string | null;
  readonly parent_span: string | null;
  readonly occurred_us: string;
  readonly recorded_us: string;
  readonly stored_us: string;
  readonly flags: number;
  readonly schema_id: number;
  readonly reason: number | null;
  readonly evidence: number | null;
  readonly hop_us: string | null;
  readonly hop_flags: number | null;
  readonly cause_cluster: string | null;
  readonly cause_topic: string | null;
  readonly cause_n: number | null;
  readonly cause_partition: number | null;
  readonly cause_offset: string | null;
}

export const EVENT_COLUMNS = `e.stored_day::text, e.incarnation_id, e.partition, e."offset", e.trace_key::text,
  c.kafka_id as cluster, i.topic, i.n, e.event_key::text, e.causation_key::text, t.label as event_type,
  s.label as service, d.label as dialect, r.origins, e.resolver_version, e.span::text, e.parent_span::text, ${microsSql('e.occurred_at')} as occurred_us,
  ${microsSql('e.recorded_at')} as recorded_us, ${microsSql('e.stored_at')} as stored_us, e.flags, e.schema_id,
  nullif(e.reason, 0) as reason, h.evidence, h.hop_us, h.flags as hop_flags, cc.kafka_id as cause_cluster, ci.topic as cause_topic,
  ci.n as cause_n, h.cause_partition, h.cause_offset`;

export const EVENT_JOINS = `event e
  join incarnation i on i.id = e.incarnation_id join cluster c on c.id = i.cluster_id
  join name t on t.id = e.type_id left join name s on s.id = e.service_id
  join resolution r on r.id = e.resolution_id join name d on d.id = r.dialect_id
  ${PARENT_HOP}
  left join incarnation ci on ci.id = h.cause_incarnation_id left join cluster cc on cc.id = ci.cluster_id`;

export function toRef(row: EventRow): StoredRef {
  return {
    storedDay: row.stored_day,
    incarnationId: row.incarnation_id,
    partition: row.partition,
    offset: BigInt(row.offset),
  };
}

/** Coordinates inside one workspace as a map key. */
export function coordinates(ref: { incarnationId: number; partition: number; offset: bigint | string }): string {
  return `${ref.incarnationId}/${ref.partition}/${ref.offset}`;
}

function rowId(row: EventRow): string {
  return recordId({ id: row.incarnation_id, ...row }, row.partition, BigInt(row.offset));
}

/** A stored record as the source once delivered it, for resolving it anew. */
function toSourceRecord(row: EventRow, raw: RawRecord): SourceRecord {
  return {
    ...raw,
    timestampMs: millis(Math.floor(Number(row.recorded_us) / 1000)),
    timestampType: timestampTypeOf(row.flags),
  };
}

/** What an event's answer takes from its raw bytes. */
export type RawParts = Pick<
  TraceEvent,
  'event_id' | 'causation_id' | 'trace_id' | 'key' | 'headers' | 'payload' | 'payload_missing' | 'dead_letter'
>;

/** A stored record, read anew. */
export function readStored(reader: RecordReader, row: EventRow, raw: RawRecord): RecordReading {
  return reader.read(toSourceRecord(row, raw), row.topic);
}

/** Ids as the event wrote them, key, headers and payload. */
export function toRawParts(
  row: EventRow,
  raw: RawRecord,
  reading: RecordReading,
  budget: PayloadBudget,
  includePayload: boolean,
): RawParts {
  const { envelope } = reading;
  const payload = includePayload ? { payload: toValuePayload(raw.value, reading, budget) } : {};
  return {
    event_id: envelope.eventId ?? row.event_key,
    causation_id: envelope.causationId ?? row.causation_key,
    trace_id: envelope.traceId,
    key: raw.key === null ? null : toKeyPayload(raw.key, budget),
    headers: toHeaders(raw.headers, budget),
    dead_letter: isDeadLetter(row) ? toDeadLetterWire(reading.deadLetter) : null,
    payload_missing: null,
    ...payload,
  };
}

/** The same when the raw bytes cannot be shown: ids show as their keys. */
export function withoutRaw(row: EventRow, why: PayloadMissing): RawParts {
  return {
    ...{ event_id: row.event_key, causation_id: row.causation_key, trace_id: null },
    ...{ key: null, headers: [], payload_missing: why },
    dead_letter: isDeadLetter(row) ? toDeadLetterWire(null) : null,
  };
}

function isDeadLetter({ flags }: EventRow): boolean {
  return (flags & EVENT_FLAGS.dead_letter) !== 0;
}

export function toTraceEvent(
  row: EventRow,
  raw: RawParts,
  more: Pick<TraceEvent, 'more_causes' | 'duplicates' | 'schema'>,
): TraceEvent {
  return {
    id: rowId(row),
    topic: row.topic,
    partition: row.partition,
    offset: row.offset,
    event_type: row.event_type,
    service: row.service,
    dialect: row.dialect,
    span_id: spanText(row.span),
    parent_span_id: spanText(row.parent_span),
    occurred_at: microsToRfc3339(microsFromSql(row.occurred_us)),
    recorded_at: microsToRfc3339(microsFromSql(row.recorded_us)),
    timestamp_type: timestampTypeOf(row.flags),
    stored_at: microsToRfc3339(microsFromSql(row.stored_us)),
    parent: toParent(row),
    dangling_cause: hopFlagsFromBits(row.hop_flags ?? 0).includes('dangling_cause'),
    flags: eventFlagsFromBits(row.flags),
    reason: row.reason === null ? null : reasonFromCode(row.reason),
    ...more,
    ...raw,
  };
}

/** A stored span id as 16 hex digits. */
function spanText(span: string | null): string | null {
  return span === null ? null : BigInt.asUintN(64, BigInt(span)).toString(16).padStart(16, '0');
}

function toParent(row: EventRow): ParentWire | null {
  const { cause_cluster, cause_topic, cause_n, cause_partition, cause_offset, hop_us } = row;
  const evidence = row.evidence === null ? null : causeEvidence(evidenceFromCode(row.evidence));
  if (evidence === null || cause_cluster === null || cause_topic === null || cause_n === null) return null;
  if (cause_partition === null || cause_offset === null || hop_us === null) return null;
  const cause = { id: 0, cluster: cause_cluster, topic: cause_topic, n: cause_n };
  return {
    id: recordId(cause, cause_partition, BigInt(cause_offset)),
    evidence,
    hop_ms: Number(hop_us) / 1000,
    flags: hopFlagsFromBits(row.hop_flags ?? 0),
  };
}
