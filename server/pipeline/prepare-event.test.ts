import { describe, expect, it } from 'vitest';
import type { PreparedEvent } from '../model/event.ts';
import type { SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { traceKey } from '../model/trace-key.ts';
import { prepareEvent, rememberedKeys } from './prepare-event.ts';
import { createReading, type Reading } from './reading.ts';

const CORRELATION = '8fc17ec5-5925-5561-a19f-e95289252b85';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

interface Sketch {
  readonly topic?: string;
  readonly body?: unknown;
  readonly value?: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: Buffer | string;
}

function prepare(
  { topic = 'orders', body, value, headers = {}, key }: Sketch,
  reading: Reading = createReading([]),
): PreparedEvent {
  const record: SourceRecord = {
    offset: 5n,
    key: key === undefined ? null : Buffer.from(key),
    value: value === undefined ? Buffer.from(JSON.stringify(body)) : value,
    headers: Object.entries(headers).map(([name, text]) => ({ name: Buffer.from(name), value: Buffer.from(text) })),
    timestampMs: millis(1_760_784_300_000),
    timestampType: 'CreateTime',
  };
  return prepareEvent(record, {
    workspaceId: 1,
    incarnation: { id: 3, cluster: 'c', topic, n: 1 },
    topic: readTopicName(topic),
    partition: 0,
    reading,
    resolverVersion: 9,
    keyOf: rememberedKeys(1),
  });
}

describe('prepareEvent', () => {
  it('keys a trace by the trace id where an event has no other, and never by the same key as a correlation id', () => {
    const event = prepare({ body: { a: 1 }, headers: { traceparent: TRACEPARENT } });
    expect(event).toMatchObject({ idKind: 'trace', idText: TRACE, reason: null, spanId: '00f067aa0ba902b7' });
    expect(event.traceKey).toBe(traceKey(1, 'trace', TRACE));
    expect(event.traceKey).not.toBe(traceKey(1, 'correlation', TRACE));
  });

  it('keeps a trace id beside a correlation id as a term, unless it is the same id without its dashes', () => {
    const headers = { traceparent: TRACEPARENT };
    expect(prepare({ body: { correlation_id: CORRELATION }, headers })).toMatchObject({
      idKind: 'correlation',
      terms: [{ kind: 'trace', value: TRACE }],
    });
    const same = { 'x-traceparent': `00-${CORRELATION.replaceAll('-', '')}-0000000000000000-01` };
    expect(prepare({ body: { correlation_id: CORRELATION }, headers: same })).toMatchObject({
      spanId: null,
      terms: [],
    });
  });

  it('keeps a key as a term where it is neither the correlation nor the event id, bytes of a UUID folded', () => {
    const body = { correlation_id: CORRELATION, event_id: 'e-1' };
    for (const key of [CORRELATION.toUpperCase(), 'e-1', '', Buffer.from([0xff, 0xfe])]) {
      expect(prepare({ body, key }).terms).toEqual([]);
    }
    expect(prepare({ body, key: 'order-7' }).terms).toEqual([{ kind: 'key', value: 'order-7' }]);
    const raw = Buffer.from('de6ced0a4619538e8ca64828c25cf83e', 'hex');
    expect(prepare({ body, key: raw }).terms).toEqual([{ kind: 'key', value: 'de6ced0a-4619-538e-8ca6-4828c25cf83e' }]);
    expect(prepare({ body: { correlation_id: raw.toString('hex') }, key: 'x' }).terms).toHaveLength(1);
  });

  it('stitches nothing that a tracing system sends of itself, whatever it names', () => {
    const event = prepare({
      topic: 'otlp_spans',
      body: { correlation_id: CORRELATION },
      headers: { traceparent: TRACEPARENT },
    });
    expect(event).toMatchObject({ idKind: 'record', idText: null, reason: 'telemetry', terms: [] });
    expect(prepare({ topic: 'zipkin', value: Buffer.from([0xff, 0]) }).reason).toBe('telemetry');
  });

  it('stitches by a header what it cannot read, and says why it could not', () => {
    const event = prepare({ value: Buffer.from('{"a": '), headers: { 'x-correlation-id': CORRELATION } });
    expect(event).toMatchObject({ idKind: 'correlation', idText: CORRELATION, reason: 'not json' });
    expect(prepare({ value: null, headers: { 'x-correlation-id': CORRELATION } }).reason).toBeNull();
  });

  it('flags an id that a body has twice, of which the last counts, and not one that stands deeper inside', () => {
    const twice = prepare({ value: Buffer.from('{"correlation_id":"a","x":1,"correlation_id":"b"}') });
    expect(twice).toMatchObject({ idText: 'b', flags: ['type_from_topic', 'repeated_field', 'time_from_record'] });
    const once = prepare({ value: Buffer.from('{"correlation_id":"a","payload":{"correlation_id":"b"}}') });
    expect(once.flags).not.toContain('repeated_field');
  });

  it('never rounds an id that is a number: two neighbours are two traces, however deep the rest lies', () => {
    const ids = ['9007199254740993', '9007199254740992'];
    const traces = ids.map((id) => prepare({ value: Buffer.from(`{"correlation_id":${id}}`) }).idText);
    expect(traces).toEqual(ids);
    const deep = `{"correlation_id":${ids[0]},"x":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    expect(prepare({ value: Buffer.from(deep) })).toMatchObject({ idKind: 'record', reason: 'json too deep' });
  });

  it('says why an event is in no trace', () => {
    expect(prepare({ body: { a: 1 } }).reason).toBe('uncorrelated');
    expect(prepare({ body: [1] }).reason).toBe('not an object');
    expect(prepare({ value: null }).reason).toBe('no value');
  });

  it('reads by the rules it is given, hashes and keeps what the mask leaves, and says by which versions', () => {
    const reading: Reading = {
      ...createReading([
        { name: 'mine', title: '', when: ['body has /order'], rules: { correlationId: ['body /order/id'] } },
      ]),
      mask: { version: 4, rules: [{ name: 'no value', apply: (record) => ({ ...record, value: null }) }] },
    };
    const event = prepare({ body: { order: { id: 'o-1' } } }, reading);
    expect(event).toMatchObject({
      idText: 'o-1',
      resolution: { dialect: 'mine', origins: { correlationId: 'body /order/id' } },
      resolverVersion: 9,
      maskVersion: 4,
      bodyHash: 0n,
      raw: { value: null },
    });
  });
});
