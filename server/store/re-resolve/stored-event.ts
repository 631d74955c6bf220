import type { PreparedEvent } from '../../model/event.ts';
import { REASONS } from '../../model/reason.ts';
import type { TimestampType } from '../../model/record.ts';
import type { Micros } from '../../model/time.ts';
import type { IdKind } from '../../model/trace-key.ts';
import { idKindOf, timestampTypeOf } from '../codes.ts';
import { clampMicros, microsFromSql, microsSql } from '../sql-time.ts';
import { type RowContext, rowFlags, spanNumber } from '../write/encode-rows.ts';
import type { Stale } from './stale-days.ts';

/** What the rules made of an event, as its row says it. */
export interface RowValues {
  readonly traceKey: string;
  readonly eventKey: string | null;
  readonly causationKey: string | null;
  readonly typeId: number;
  /** 0 for none. */
  readonly serviceId: number;
  readonly resolutionId: number;
  readonly dialectId: number;
  /** 64-bit integers as texts. */
  readonly span: string | null;
  readonly parentSpan: string | null;
  readonly occurredAt: Micros;
  readonly flags: number;
  /** 0 for none. */
  readonly reason: number;
  /** 0 for none. */
  readonly schemaId: number;
}

/** An event row before it is read again. */
export interface StoredEvent extends RowValues {
  readonly offset: bigint;
  readonly storedAt: Micros;
  readonly recordedAt: Micros;
  readonly timestampType: TimestampType;
  readonly idKind: IdKind;
  readonly bodyHash: bigint;
  readonly maskVersion: number;
  readonly resolverVersion: number;
  /** The job has to read it again. */
  readonly stale: boolean;
}

export interface StoredEventRow {
  offset: string;
  trace_key: string;
  event_key: string | null;
  causation_key: string | null;
  type_id: number;
  service_id: number | null;
  resolution_id: number;
  dialect_id: number;
  span: string | null;
  parent_span: string | null;
  occurred_us: string;
  recorded_us: string;
  stored_us: string;
  body_hash: string;
  flags: number;
  reason: number;
  schema_id: number;
  resolver_version: number;
  mask_version: number;
}

export const EVENT_ROW = `e."offset", e.trace_key::text, e.event_key::text, e.causation_key::text, e.type_id, e.service_id,
  e.resolution_id, r.dialect_id, e.span, e.parent_span, ${microsSql('e.occurred_at')} as occurred_us, ${microsSql('e.recorded_at')} as recorded_us,
  ${microsSql('e.stored_at')} as stored_us, e.body_hash, e.flags, e.reason, e.schema_id, e.resolver_version, e.mask_version`;

export function toStoredEvent(row: StoredEventRow, { scope, upToDate }: Stale): StoredEvent {
  const waited = row.reason === REASONS['registry unreachable'];
  return {
    offset: BigInt(row.offset),
    traceKey: row.trace_key,
    eventKey: row.event_key,
    causationKey: row.causation_key,
    typeId: row.type_id,
    serviceId: row.service_id ?? 0,
    resolutionId: row.resolution_id,
    dialectId: row.dialect_id,
    span: row.span,
    parentSpan: row.parent_span,
    occurredAt: microsFromSql(row.occurred_us),
    recordedAt: microsFromSql(row.recorded_us),
    storedAt: microsFromSql(row.stored_us),
    bodyHash: BigInt(row.body_hash),
    flags: row.flags,
    idKind: idKindOf(row.flags),
    timestampType: timestampTypeOf(row.flags),
    reason: row.reason,
    schemaId: row.schema_id,
    resolverVersion: row.resolver_version,
    maskVersion: row.mask_version,
    stale: scope === 'registry unreachable' ? waited : !upToDate.has(row.resolver_version),
  };
}

/** The row that an event will have. */
export function rowValues(event: PreparedEvent, { idOf, resolutionIdOf, schemaIdOf }: RowContext): RowValues {
  return {
    traceKey: event.traceKey,
    eventKey: event.eventKey,
    causationKey: event.causationKey,
    typeId: idOf('event type', event.eventType),
    serviceId: event.service === null ? 0 : idOf('service', event.service),
    resolutionId: resolutionIdOf(event.resolution),
    dialectId: idOf('dialect', event.resolution.dialect),
    span: event.spanId === null ? null : spanNumber(event.spanId).toString(),
    parentSpan: event.parentSpanId === null ? null : spanNumber(event.parentSpanId).toString(),
    occurredAt: clampMicros(event.occurredAt),
    flags: rowFlags(event),
    reason: event.reason === null ? 0 : REASONS[event.reason],
    schemaId: schemaIdOf(event.check.schema),
  };
}

/** True when the rules of today say the same of an event as its row does. */
export function isSameRow(a: RowValues, b: RowValues): boolean {
  return (
    a.traceKey === b.traceKey &&
    a.eventKey === b.eventKey &&
    a.causationKey === b.causationKey &&
    a.typeId === b.typeId &&
    a.serviceId === b.serviceId &&
    a.resolutionId === b.resolutionId &&
    a.span === b.span &&
    a.parentSpan === b.parentSpan &&
    a.occurredAt === b.occurredAt &&
    a.flags === b.flags &&
    a.reason === b.reason &&
    a.schemaId === b.schemaId
  );
}
