import type { Schemas } from '../decode/decode-value.ts';
import { maskRecord } from '../mask/mask-record.ts';
import { bodyHash } from '../model/body-hash.ts';
import type { Decoded } from '../model/decoded.ts';
import type { EventFlag, PreparedEvent, ResolvedEnvelope, SampledFields } from '../model/event.ts';
import { isJsonObject } from '../model/json.ts';
import { isUndecodable, type Reason } from '../model/reason.ts';
import { type Incarnation, recordId, type SourceRecord } from '../model/record.ts';
import { remembered } from '../model/remembered.ts';
import { millisToMicros } from '../model/time.ts';
import type { TopicKind, TopicName } from '../model/topic-name.ts';
import { type IdKind, idKey, isSameId, traceKey } from '../model/trace-key.ts';
import { deadLetterOf } from './dead-letter-of.ts';
import { NO_SAMPLE, type SampleFields } from './field-sample.ts';
import { fieldTermsOf } from './field-terms.ts';
import { identifyTrace } from './identify-trace.ts';
import { NO_SCHEMAS, type ReadValue, readValue } from './read-value.ts';
import type { Reading } from './reading.ts';
import { type CheckSchemas, isSetAside, NO_CHECKS } from './schema-checks.ts';
import { termsOf } from './terms-of.ts';

/** What a record needs to know of its surroundings to become an event. */
export interface RecordContext {
  readonly workspaceId: number;
  readonly incarnation: Incarnation;
  readonly topic: TopicName;
  readonly partition: number;
  readonly reading: Reading;
  /** What is known of the schemas that the records name; absent where no registry is configured. */
  readonly schemas?: Schemas;
  /** Holds what was read against the schemas in force; absent where nothing is checked. */
  readonly check?: CheckSchemas;
  /** Chooses the events that drift is learned from; absent where nothing is learned. */
  readonly sample?: SampleFields;
  /** The number of the rules in force. */
  readonly resolverVersion: number;
  /** The key of a trace by its id; records of one delivery share a memory of them. */
  readonly keyOf: (kind: IdKind, id: string) => string;
}

/** What `RecordContext.keyOf` asks for: `traceKey`, remembered for as long as the answer is kept. */
export function rememberedKeys(workspaceId: number): RecordContext['keyOf'] {
  const correlation = remembered((id: string) => traceKey(workspaceId, 'correlation', id));
  const trace = remembered((id: string) => traceKey(workspaceId, 'trace', id));
  const record = (id: string) => traceKey(workspaceId, 'record', id);
  const keys = { correlation, trace, record };
  return (kind, id) => keys[kind](id);
}

/**
 * One record through every step of ingest: decode → envelope → mask → check → rows. Pure, and total: whatever the bytes are,
 * an event comes out, with a reason where it belongs to no trace.
 */
export function prepareEvent(record: SourceRecord, context: RecordContext): PreparedEvent {
  const { incarnation, partition, topic, reading } = context;
  const schemas = context.schemas ?? NO_SCHEMAS;
  const read = readValue(record, topic, reading, schemas);
  const { decoded, envelope } = read;
  const identity = identifyTrace(envelope, topic.kind);
  const raw = maskRecord(record, reading.mask);
  const recordedAt = millisToMicros(record.timestampMs);
  const { correlationId, causationId, eventId } = envelope;
  return {
    incarnationId: incarnation.id,
    partition,
    offset: record.offset,
    traceKey: context.keyOf(identity.idKind, identity.idText ?? recordId(incarnation, partition, record.offset)),
    ...identity,
    eventKey: eventId === null ? null : idKey(eventId),
    causationKey: causationId === null ? null : idKey(causationId),
    causationIsCorrelation: causationId !== null && correlationId !== null && isSameId(causationId, correlationId),
    eventType: envelope.eventType ?? incarnation.topic,
    service: envelope.service,
    resolution: envelope.resolution,
    spanId: envelope.spanId,
    parentSpanId: envelope.parentSpanId,
    terms: fieldTermsOf(termsOf(envelope, identity, record.key), identity, decoded, record.value, reading.fields),
    occurredAt: envelope.occurredAt ?? recordedAt,
    recordedAt,
    timestampType: record.timestampType,
    flags: eventFlags(envelope),
    reason: reasonOf(decoded, identity.idKind, topic.kind),
    check: (context.check ?? NO_CHECKS)(record, topic, read, schemas),
    fields: sampledFields(read, context),
    deadLetter: deadLetterOf(record, incarnation.topic, read),
    resolverVersion: context.resolverVersion,
    maskVersion: reading.mask.version,
    bodyHash: bodyHash(raw.value),
    raw,
  };
}

/** Records that are no events of their own carry the fields of another. */
function sampledFields(
  read: ReadValue,
  { topic, incarnation, sample = NO_SAMPLE }: RecordContext,
): SampledFields | null {
  const { decoded, envelope } = read;
  if (decoded.kind !== 'value' || topic.kind !== 'events' || isSetAside(read)) return null;
  return sample({ eventType: envelope.eventType ?? incarnation.topic, service: envelope.service }, decoded.value);
}

/** The flags of an event: those of its envelope, and what stands in where that is silent. */
export function eventFlags({ flags, occurredAt, eventType }: ResolvedEnvelope): readonly EventFlag[] {
  if (occurredAt !== null && eventType !== null) return flags;
  const all: EventFlag[] = [...flags];
  if (occurredAt === null) all.push('time_from_record');
  if (eventType === null && !flags.includes('type_from_topic')) all.push('type_from_topic');
  return all;
}

/**
 * Why an event is kept apart. A body that cannot be read has its reason even when a header names the trace; a readable
 * one only outside a trace.
 */
export function reasonOf(decoded: Decoded, idKind: IdKind, topic: TopicKind): Reason | null {
  if (topic === 'telemetry') return 'telemetry';
  const inTrace = idKind !== 'record';
  if (decoded.kind === 'unreadable' && (!inTrace || isUndecodable(decoded.reason))) return decoded.reason;
  if (inTrace) return null;
  return decoded.kind === 'value' && isJsonObject(decoded.value) ? 'uncorrelated' : 'not an object';
}
