import { hash } from 'node:crypto';
import { decodeValue } from '../decode/decode-value.ts';
import { compileRules, RESOLVER_VERSION } from '../envelope/compile-rules.ts';
import { resolveEnvelope } from '../envelope/resolve-envelope.ts';
import { maskRecord, NO_MASKING } from '../mask/mask-record.ts';
import type { Decoded } from '../model/decoded.ts';
import type { EventFlag, PreparedEvent, ResolvedEnvelope } from '../model/event.ts';
import { isJsonObject } from '../model/json.ts';
import { isUndecodable, type Reason } from '../model/reason.ts';
import { type Incarnation, recordId, type SourceRecord } from '../model/record.ts';
import { millisToMicros } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { idKey, isSameId, traceKey } from '../model/trace-key.ts';

/** What a record needs to know of its surroundings to become an event. */
export interface RecordContext {
  readonly workspaceId: number;
  readonly incarnation: Incarnation;
  readonly partition: number;
  /** The key of a trace by its correlation id; records of one delivery share a memory of them. */
  readonly correlationKey: (correlationId: string) => string;
}

/** What `RecordContext.correlationKey` asks for: `traceKey`, remembered for as long as the answer is kept. */
export function rememberedKeys(workspaceId: number): RecordContext['correlationKey'] {
  const keys = new Map<string, string>();
  return (correlationId) => {
    let key = keys.get(correlationId);
    if (key === undefined) {
      key = traceKey(workspaceId, 'correlation', correlationId);
      keys.set(correlationId, key);
    }
    return key;
  };
}

/**
 * One record through every step of ingest: decode → envelope → mask → rows. Pure, and total: whatever the bytes are,
 * an event comes out, with a reason where it belongs to no trace.
 */
export function prepareEvent(record: SourceRecord, context: RecordContext): PreparedEvent {
  const decoded = decodeValue(record.value);
  const envelope = resolveDecoded(decoded, record, context.incarnation.topic);
  const raw = maskRecord(record, NO_MASKING);
  const recordedAt = millisToMicros(record.timestampMs);
  const { correlationId, causationId } = envelope;
  return {
    incarnationId: context.incarnation.id,
    partition: context.partition,
    offset: record.offset,
    traceKey: correlationId === null ? recordKey(record, context) : context.correlationKey(correlationId),
    idKind: correlationId === null ? 'record' : 'correlation',
    idText: correlationId,
    eventKey: envelope.eventId === null ? null : idKey(envelope.eventId),
    causationKey: causationId === null ? null : idKey(causationId),
    causationIsCorrelation: causationId !== null && correlationId !== null && isSameId(causationId, correlationId),
    eventType: envelope.eventType ?? context.incarnation.topic,
    service: envelope.service,
    resolution: envelope.resolution,
    spanId: envelope.spanId,
    parentSpanId: envelope.parentSpanId,
    terms: [],
    occurredAt: envelope.occurredAt ?? recordedAt,
    recordedAt,
    timestampType: record.timestampType,
    flags: eventFlags(envelope),
    reason: reasonOf(decoded, correlationId !== null),
    resolverVersion: RESOLVER_VERSION,
    maskVersion: NO_MASKING.version,
    bodyHash: bodyHash(raw.value),
    raw,
  };
}

/** The envelope of a record, as ingest resolves it; the pages call it again to show where each field was found. */
export function resolveDecoded(decoded: Decoded, record: SourceRecord, topic: string): ResolvedEnvelope {
  return resolveEnvelope(decoded.kind === 'value' ? decoded.value : null, record, readTopicName(topic), BUILT_IN_RULES);
}

const BUILT_IN_RULES = compileRules([]);

function recordKey(record: SourceRecord, { workspaceId, incarnation, partition }: RecordContext): string {
  return traceKey(workspaceId, 'record', recordId(incarnation, partition, record.offset));
}

function eventFlags({ flags, occurredAt }: ResolvedEnvelope): readonly EventFlag[] {
  return occurredAt === null ? [...flags, 'time_from_record'] : flags;
}

/** A body that cannot be read has its reason even when a header names the trace; a readable one only outside a trace. */
function reasonOf(decoded: Decoded, correlated: boolean): Reason | null {
  if (decoded.kind === 'unreadable' && (!correlated || isUndecodable(decoded.reason))) return decoded.reason;
  if (correlated) return null;
  return decoded.kind === 'value' && isJsonObject(decoded.value) ? 'uncorrelated' : 'not an object';
}

/** First 8 bytes of the value's SHA-256; 0 for a null value, which no hash stands for in practice. */
function bodyHash(value: Buffer | null): bigint {
  // As text: a Buffer of the digest costs more than the digest.
  return value === null ? 0n : BigInt.asIntN(64, BigInt(`0x${hash('sha256', value, 'hex').slice(0, 16)}`));
}
