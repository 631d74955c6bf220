import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PreparedEvent } from '../model/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { parseTime } from '../model/parse-time.ts';
import type { RecordHeader, SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { foldId } from '../model/trace-key.ts';
import { prepareEvent, rememberedKeys } from './prepare-event.ts';
import { createReading } from './reading.ts';
import { resolveRecord } from './resolve-record.ts';

const READING = createReading([]);

/** One line of the samples: a record as it stands on a topic, and what a reader should make of it. */
interface Sample {
  readonly id: string;
  readonly title?: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly kafka_ts_ms: number;
  readonly key: string | null;
  readonly key_b64?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Headers that are bytes. */
  readonly headers_b64?: Readonly<Record<string, string>>;
  readonly value?: JsonObject;
  /** A value that is no JSON object; null for none. */
  readonly value_raw?: string | null;
  readonly expect: JsonObject;
}

/** Those of the ecosystem as they were met, and one by hand for each row of its tables. */
const SAMPLES = ['omninode-events.jsonl', 'hand-made-events.jsonl'].flatMap((file) =>
  readFileSync(path.join(import.meta.dirname, 'samples', file), 'utf8')
    .trim()
    .split('\n')
    .map((line): Sample => JSON.parse(line)),
);

/** What later issues add: schemas, and causes that never existed. */
const LATER = new Set(['schema_ok', 'violation', 'dangling_causation']);

/** The samples' own names of bodies. */
const SHAPES: Readonly<Record<string, string>> = {
  enrichment: 'archon-consumer',
  original_value: 'archon-consumer-raw',
  'original_message.value': 'onex-2026',
};

function toRecord(sample: Sample): SourceRecord {
  const key = sample.key_b64 === undefined ? sample.key : Buffer.from(sample.key_b64, 'base64');
  return {
    offset: BigInt(sample.offset),
    key: key === null ? null : Buffer.from(key),
    value: bytesOf(sample),
    headers: [...headersOf(sample.headers, 'utf8'), ...headersOf(sample.headers_b64 ?? {}, 'base64')],
    timestampMs: millis(sample.kafka_ts_ms),
    timestampType: 'CreateTime',
  };
}

function bytesOf({ value_raw, value }: Sample): Buffer | null {
  if (value_raw === null) return null;
  return Buffer.from(value_raw ?? JSON.stringify(value));
}

function headersOf(headers: Readonly<Record<string, string>>, encoding: BufferEncoding): RecordHeader[] {
  return Object.entries(headers).map(([name, value]) => ({
    name: Buffer.from(name),
    value: Buffer.from(value, encoding),
  }));
}

function prepare(sample: Sample): PreparedEvent {
  return prepareEvent(toRecord(sample), {
    workspaceId: 1,
    incarnation: { id: 1, cluster: 'c', topic: sample.topic, n: 1 },
    topic: readTopicName(sample.topic),
    partition: sample.partition,
    reading: READING,
    resolverVersion: 1,
    keyOf: rememberedKeys(1),
  });
}

/** What we make of a sample, in the words of its `expect`. */
function seen(sample: Sample, key: string): Json | undefined {
  const record = toRecord(sample);
  const event = prepare(sample);
  const { envelope } = resolveRecord(record, sample.topic, READING);
  switch (key) {
    case 'correlation_id':
      return envelope.correlationId === null ? null : foldId(envelope.correlationId);
    case 'event_type':
      return event.eventType;
    case 'dialect':
      return envelope.resolution.dialect;
    case 'event_id':
      return envelope.eventId === null ? null : foldId(envelope.eventId);
    case 'causation_id':
      // The correlation id itself marks a root: there is no cause.
      return event.causationIsCorrelation ? null : envelope.causationId;
    case 'producer':
      return event.service;
    case 'occurred_at':
      return event.occurredAt;
    case 'otel_trace_id':
      return envelope.traceId;
    case 'span_id':
      return envelope.spanId;
    case 'parent_span_id':
      return envelope.parentSpanId;
    case 'tenant':
      return envelope.tenant;
    case 'reason':
      return event.reason;
    case 'flags':
      return event.flags.toSorted();
    case 'is_dlq':
      return event.flags.includes('dead_letter');
    case 'is_dlq_mirror':
      return event.flags.includes('dead_letter_mirror');
    case 'dlq_shape':
      return SHAPES[event.deadLetter?.family ?? ''];
    case 'dlq_original_topic':
      return event.deadLetter?.original.topic;
    case 'dlq_original_offset':
      return Number(event.deadLetter?.original.offset);
    case 'error_type':
      return event.deadLetter?.errorClass;
    case 'retry_count':
      return event.deadLetter?.retryCount;
    case 'consumer_group':
      return event.deadLetter?.consumerGroup;
    case 'header_body_correlation_mismatch':
      return event.flags.includes('correlation_mismatch');
    case 'key_utf8':
      return record.key === null || record.key.equals(Buffer.from(record.key.toString('utf8')));
    case 'outer_correlation_is_consumer_task':
      return isInside(record, envelope.correlationId);
  }
  return undefined;
}

/** True when the correlation id is not the one that the body has on top. */
function isInside(record: SourceRecord, correlationId: string | null): boolean {
  const { decoded } = resolveRecord(record, 'any', READING);
  return decoded.kind === 'value' && isJsonObject(decoded.value) && decoded.value.correlation_id !== correlationId;
}

/** Times are compared as moments: `Z` and `+00:00` are the same. */
function wanted(key: string, value: Json | undefined): Json | undefined {
  return key === 'occurred_at' ? parseTime(value)?.at : value;
}

describe('every sample resolves to what it says', () => {
  for (const sample of SAMPLES) {
    // A mirror is a copy for other eyes: what it says of the failure is read off the dead letter itself.
    const ofFailure = sample.expect.is_dlq_mirror === true ? 'dlq_original_topic' : null;
    const keys = Object.keys(sample.expect).filter((key) => !LATER.has(key) && key !== ofFailure);
    it(`${sample.id} ${sample.title ?? ''} on ${sample.topic}: ${keys.join(', ')}`, () => {
      const actual = Object.fromEntries(keys.map((key) => [key, seen(sample, key)]));
      expect(actual).toEqual(Object.fromEntries(keys.map((key) => [key, wanted(key, sample.expect[key])])));
    });
  }
});
