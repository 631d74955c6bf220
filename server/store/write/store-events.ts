import type { PoolClient } from 'pg';
import { EVENT_FLAGS, type PreparedEvent } from '../../model/event.ts';
import { REASONS } from '../../model/reason.ts';
import type { Micros } from '../../model/time.ts';
import { ID_KINDS } from '../../model/trace-key.ts';
import { shardOf } from '../../ports/settle-store.ts';
import { CopyBinary } from '../copy-binary.ts';
import { copyIn } from '../copy-in.ts';
import { cutSegments, encodeSegment } from '../segment.ts';
import { dayNumber } from '../sql-time.ts';
import { ID_TEXT_LIMIT, storableText } from '../storable-text.ts';
import type { Name } from './name-ids.ts';

/** What every row of a batch shares. */
export interface RowContext {
  readonly workspaceId: number;
  readonly storedAt: Micros;
  readonly idOf: (name: Name) => number;
}

/** Copies the rows of consecutive events of one partition: events, segments with their bytes, and dirty marks. */
export async function storeEvents(
  client: PoolClient,
  events: readonly PreparedEvent[],
  context: RowContext,
): Promise<void> {
  await copyIn(client, 'event', EVENT_COLUMNS, encodeEvents(events, context));
  const { segments, bytes } = encodeSegments(events, context);
  await copyIn(client, 'segment', SEGMENT_COLUMNS, segments);
  await copyIn(client, 'segment_bytes', SEGMENT_BYTES_COLUMNS, bytes);
  await copyIn(client, 'dirty_mark', MARK_COLUMNS, encodeMarks(events, context));
}

/** Names an event's row refers to. */
export function* namesOf(event: PreparedEvent): Generator<Name> {
  yield { kind: 'event type', text: event.eventType };
  yield { kind: 'dialect', text: event.dialect };
  if (event.service !== null) yield { kind: 'service', text: event.service };
}

const EVENT_COLUMNS = `stored_day, incarnation_id, partition, "offset", trace_key, event_key, causation_key, body_hash,
  type_id, service_id, dialect_id, occurred_at, recorded_at, stored_at, workspace_id, id_kind, timestamp_type,
  causation_is_correlation, flags, reason, resolver_version, mask_version`;

function encodeEvents(events: readonly PreparedEvent[], { workspaceId, storedAt, idOf }: RowContext): CopyBinary {
  const copy = new CopyBinary();
  const day = dayNumber(storedAt);
  for (const event of events) {
    copy.row(22).date(day).int4(event.incarnationId).int4(event.partition).int8(event.offset).uuid(event.traceKey);
    if (event.eventKey === null) copy.null();
    else copy.uuid(event.eventKey);
    if (event.causationKey === null) copy.null();
    else copy.uuid(event.causationKey);
    copy.int8(event.bodyHash).int4(idOf({ kind: 'event type', text: event.eventType }));
    if (event.service === null) copy.null();
    else copy.int4(idOf({ kind: 'service', text: event.service }));
    copy.int4(idOf({ kind: 'dialect', text: event.dialect }));
    copy.timestamptz(event.occurredAt).timestamptz(event.recordedAt).timestamptz(storedAt);
    copy
      .int2(workspaceId)
      .int2(ID_KINDS[event.idKind])
      .int2(event.timestampType === 'CreateTime' ? 1 : 2);
    copy.bool(event.causationIsCorrelation).int2(event.flags.reduce((bits, flag) => bits | EVENT_FLAGS[flag], 0));
    if (event.reason === null) copy.null();
    else copy.int2(REASONS[event.reason]);
    copy.int2(event.resolverVersion).int2(event.maskVersion);
  }
  return copy;
}

const SEGMENT_COLUMNS = 'stored_day, incarnation_id, partition, base_offset, record_count, trace_keys';
const SEGMENT_BYTES_COLUMNS = 'stored_day, incarnation_id, partition, base_offset, checksum, bytes';

function encodeSegments(
  events: readonly PreparedEvent[],
  { storedAt }: RowContext,
): { segments: CopyBinary; bytes: CopyBinary } {
  const segments = new CopyBinary();
  const bytes = new CopyBinary();
  const day = dayNumber(storedAt);
  for (const part of cutSegments(events)) {
    const [first] = part;
    if (first === undefined) continue;
    const encoded = encodeSegment(part);
    segments.row(6).date(day).int4(first.incarnationId).int4(first.partition).int8(encoded.baseOffset);
    segments.int2(encoded.recordCount).uuids([...new Set(part.map((event) => event.traceKey))]);
    bytes.row(6).date(day).int4(first.incarnationId).int4(first.partition).int8(encoded.baseOffset);
    bytes.int8(BigInt(encoded.checksum)).bytea(encoded.bytes);
  }
  return { segments, bytes };
}

const MARK_COLUMNS = 'workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at';

/** One mark per distinct trace; an event that belongs to none makes no mark. */
function encodeMarks(events: readonly PreparedEvent[], { workspaceId, storedAt }: RowContext): CopyBinary {
  const copy = new CopyBinary();
  const marked = new Set<string>();
  for (const event of events) {
    if (event.idKind === 'record' || marked.has(event.traceKey)) continue;
    marked.add(event.traceKey);
    const idText = event.idText ?? '';
    copy.row(8).int2(workspaceId).uuid(event.traceKey).int2(shardOf(event.traceKey)).date(dayNumber(storedAt));
    copy.int2(ID_KINDS[event.idKind]).text(storableText(idText, ID_TEXT_LIMIT)).int4(idText.length);
    copy.timestamptz(storedAt);
  }
  return copy;
}
