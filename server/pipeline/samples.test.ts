import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../envelope/parse-time.ts';
import type { PreparedEvent } from '../model/event.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { SourceRecord } from '../model/record.ts';
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
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly kafka_ts_ms: number;
  readonly key: string | null;
  readonly key_b64?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value?: JsonObject;
  readonly value_raw?: string;
  readonly expect: JsonObject;
}

const SAMPLES = readFileSync(path.join(import.meta.dirname, 'samples/omninode-events.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): Sample => JSON.parse(line));

/** What later issues add: schemas, causes that never existed, and what a dead letter says of its failure. */
const LATER = new Set([
  ...['schema_ok', 'violation', 'dangling_causation'],
  ...['dlq_shape', 'dlq_original_topic', 'dlq_original_offset', 'error_type', 'retry_count', 'consumer_group'],
]);

function toRecord(sample: Sample): SourceRecord {
  const key = sample.key_b64 === undefined ? sample.key : Buffer.from(sample.key_b64, 'base64');
  return {
    offset: BigInt(sample.offset),
    key: key === null ? null : Buffer.from(key),
    value: Buffer.from(sample.value_raw ?? JSON.stringify(sample.value)),
    headers: Object.entries(sample.headers).map(([name, value]) => ({
      name: Buffer.from(name),
      value: Buffer.from(value),
    })),
    timestampMs: millis(sample.kafka_ts_ms),
    timestampType: 'CreateTime',
  };
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
    case 'event_id':
      return envelope.eventId;
    case 'causation_id':
      // The correlation id itself marks a root: there is no cause.
      return event.causationIsCorrelation ? null : envelope.causationId;
    case 'producer':
      return event.service;
    case 'occurred_at':
      return event.occurredAt;
    case 'otel_trace_id':
      return envelope.traceId;
    case 'is_dlq':
      return event.flags.includes('dead_letter');
    case 'is_dlq_mirror':
      return event.flags.includes('dead_letter_mirror');
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
    const keys = Object.keys(sample.expect).filter((key) => !LATER.has(key));
    it(`${sample.id} on ${sample.topic}: ${keys.join(', ')}`, () => {
      const actual = Object.fromEntries(keys.map((key) => [key, seen(sample, key)]));
      expect(actual).toEqual(Object.fromEntries(keys.map((key) => [key, wanted(key, sample.expect[key])])));
    });
  }
});
