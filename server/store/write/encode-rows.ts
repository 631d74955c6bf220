import { EVENT_FLAGS, type PreparedEvent, TERM_KINDS } from '../../model/event.ts';
import { REASONS } from '../../model/reason.ts';
import { SCHEMA_STATUSES } from '../../model/schema-check.ts';
import { ID_KINDS } from '../../model/trace-key.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import { shardOf } from '../../ports/settle-store.ts';
import { bitsOf, ROW_BITS } from '../codes.ts';
import { CopyBinary } from '../copy-binary.ts';
import type { TableRows } from '../copy-in.ts';
import { cutSegments, type EncodedSegment, encodeSegment } from '../segment.ts';
import { dayNumber } from '../sql-time.ts';
import { ID_TEXT_LIMIT, storableText } from '../storable-text.ts';
import { termValue } from '../term-value.ts';
import type { LetterGroupOf } from './dead-letter-groups.ts';
import { encodeDeadLetters } from './encode-dead-letters.ts';
import { encodeViolations } from './encode-violations.ts';
import type { IdOf } from './name-ids.ts';
import type { ResolutionIdOf } from './resolution-ids.ts';
import type { SchemaIdOf } from './schema-ids.ts';
import type { ViolationsOf } from './violation-groups.ts';

/** What every row of a transaction shares. */
export interface RowContext {
  readonly workspaceId: number;
  readonly idOf: IdOf;
  readonly resolutionIdOf: ResolutionIdOf;
  readonly schemaIdOf: SchemaIdOf;
  readonly violationsOf: ViolationsOf;
  readonly letterGroupOf: LetterGroupOf;
}

/** Events of one partition that are stored together. */
export type BatchRows = Pick<PreparedBatch, 'events' | 'storedAt'>;

/** Segments that are deflated at once: more would hold memory and wait for the same few threads. */
const DEFLATED_AT_ONCE = 4;

/**
 * Encodes the rows of some batches, outside any transaction: events, segments with their bytes, and dirty marks. Throws
 * `UnstorableValueError` for a value that no column can hold.
 */
export async function encodeRows(batches: readonly BatchRows[], context: RowContext): Promise<readonly TableRows[]> {
  const events = encodeEvents(batches, context);
  const marks = encodeMarks(batches, context);
  return [
    ...[events, ...(await encodeSegments(batches)), marks, encodeTerms(batches)],
    ...[encodeViolations(batches, context), encodeDeadLetters(batches, context)],
  ];
}

const EVENT_COLUMNS = `"offset", body_hash, occurred_at, recorded_at, stored_at, trace_key, event_key, causation_key,
  stored_day, incarnation_id, partition, type_id, service_id, resolution_id, flags, reason, resolver_version, mask_version,
  span, parent_span, schema_id`;

/** Event rows alone. */
export function encodeEvents(
  batches: readonly BatchRows[],
  { idOf, resolutionIdOf, schemaIdOf }: RowContext,
): TableRows {
  const copy = new CopyBinary();
  for (const { events, storedAt } of batches) {
    const day = dayNumber(storedAt);
    for (const event of events) {
      copy.row(21).int8(event.offset).int8(event.bodyHash);
      copy.timestamptz(event.occurredAt).timestamptz(event.recordedAt).timestamptz(storedAt).uuid(event.traceKey);
      if (event.eventKey === null) copy.null();
      else copy.uuid(event.eventKey);
      if (event.causationKey === null) copy.null();
      else copy.uuid(event.causationKey);
      copy.date(day).int4(event.incarnationId).int4(event.partition).int4(idOf('event type', event.eventType));
      if (event.service === null) copy.null();
      else copy.int4(idOf('service', event.service));
      copy.int4(resolutionIdOf(event.resolution)).int2(rowFlags(event));
      copy
        .int2(event.reason === null ? 0 : REASONS[event.reason])
        .int2(event.resolverVersion)
        .int2(event.maskVersion);
      span(copy, event.spanId);
      span(copy, event.parentSpanId);
      copy.int4(schemaIdOf(event.check.schema));
    }
  }
  return { table: 'event', columns: EVENT_COLUMNS, copy };
}

function span(copy: CopyBinary, id: string | null): void {
  if (id === null) copy.null();
  else copy.int8(spanNumber(id));
}

/** 16 hex digits as a signed 64-bit integer. */
export function spanNumber(id: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${id}`));
}

/** The bits of a row's `flags`. */
export function rowFlags({ flags, timestampType, causationIsCorrelation, idKind, check }: PreparedEvent): number {
  return (
    bitsOf(EVENT_FLAGS, flags) |
    (timestampType === 'CreateTime' ? 0 : ROW_BITS.brokersClock) |
    (causationIsCorrelation ? ROW_BITS.causationIsCorrelation : 0) |
    (ID_KINDS[idKind] * ROW_BITS.idKind) |
    (SCHEMA_STATUSES[check.status] * ROW_BITS.schemaStatus)
  );
}

const SEGMENT_COLUMNS = 'stored_day, incarnation_id, partition, base_offset, record_count, trace_keys';
const SEGMENT_BYTES_COLUMNS = 'stored_day, incarnation_id, partition, base_offset, checksum, bytes';

interface Part {
  readonly events: readonly PreparedEvent[];
  readonly first: PreparedEvent;
  readonly day: number;
}

async function encodeSegments(batches: readonly BatchRows[]): Promise<readonly TableRows[]> {
  const parts = batches.flatMap(({ events, storedAt }) =>
    cutSegments(events, ({ raw }) => raw).flatMap((part): Part[] =>
      part[0] === undefined ? [] : [{ events: part, first: part[0], day: dayNumber(storedAt) }],
    ),
  );
  const encoded = await encodeAll(parts);
  const segments = new CopyBinary();
  const bytes = new CopyBinary();
  parts.forEach(({ events, first, day }, place) => {
    const segment = encoded[place];
    if (segment === undefined) throw new Error('a segment was not encoded');
    segments.row(6).date(day).int4(first.incarnationId).int4(first.partition).int8(segment.baseOffset);
    segments.int2(segment.recordCount).uuids([...new Set(events.map((event) => event.traceKey))]);
    bytes.row(6).date(day).int4(first.incarnationId).int4(first.partition).int8(segment.baseOffset);
    bytes.int8(BigInt(segment.checksum)).bytea(segment.bytes);
  });
  return [
    { table: 'segment', columns: SEGMENT_COLUMNS, copy: segments },
    { table: 'segment_bytes', columns: SEGMENT_BYTES_COLUMNS, copy: bytes },
  ];
}

/** In the order of the parts; a few at a time. */
async function encodeAll(parts: readonly Part[]): Promise<readonly EncodedSegment[]> {
  const encoded: EncodedSegment[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let place = next++; place < parts.length; place = next++) {
      const part = parts[place];
      if (part !== undefined) encoded[place] = await encodeSegment(part.events.map(({ raw }) => raw));
    }
  };
  await Promise.all(Array.from({ length: DEFLATED_AT_ONCE }, work));
  return encoded;
}

const MARK_COLUMNS = 'workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at';

/** One mark per distinct trace; an event that belongs to none makes no mark. */
export function encodeMarks(batches: readonly BatchRows[], { workspaceId }: RowContext): TableRows {
  const copy = new CopyBinary();
  const marked = new Set<string>();
  for (const { events, storedAt } of batches) {
    const day = dayNumber(storedAt);
    for (const { idKind, idText, traceKey } of events) {
      if (idKind === 'record' || marked.has(traceKey)) continue;
      marked.add(traceKey);
      const text = idText ?? '';
      copy.row(8).int2(workspaceId).uuid(traceKey).int2(shardOf(traceKey)).date(day);
      copy.int2(ID_KINDS[idKind]).text(storableText(text, ID_TEXT_LIMIT)).int4(text.length);
      copy.timestamptz(storedAt);
    }
  }
  return { table: 'dirty_mark', columns: MARK_COLUMNS, copy };
}

const TERM_COLUMNS = 'stored_day, kind, value, trace_key';

/** One row per distinct term of a trace; most events have none. */
function encodeTerms(batches: readonly BatchRows[]): TableRows {
  const copy = new CopyBinary();
  const written = new Set<string>();
  for (const { events, storedAt } of batches) {
    const day = dayNumber(storedAt);
    for (const { terms, traceKey } of events) {
      for (const { kind, value } of terms) {
        const stored = termValue(value);
        const key = `${kind} ${traceKey} ${stored}`;
        if (written.has(key)) continue;
        written.add(key);
        copy.row(4).date(day).int2(TERM_KINDS[kind]).text(stored).uuid(traceKey);
      }
    }
  }
  return { table: 'term', columns: TERM_COLUMNS, copy };
}
