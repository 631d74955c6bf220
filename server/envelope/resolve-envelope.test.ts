import { describe, expect, it } from 'vitest';
import type { DialectSpec } from '../model/dialect.ts';
import type { Json } from '../model/json.ts';
import type { RecordHeader } from '../model/record.ts';
import { millis } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { compileRules } from './compile-rules.ts';
import { resolveEnvelope } from './resolve-envelope.ts';

const BUILT_IN = compileRules([]);
const AT = millis(Date.parse('2025-10-18T10:45:00Z'));

interface Surroundings {
  readonly topic?: string;
  readonly own?: readonly DialectSpec[];
}

const resolve = (
  value: Json | null,
  headers: readonly RecordHeader[] = [],
  { topic = 'bare', own }: Surroundings = {},
) =>
  resolveEnvelope(
    value,
    { headers, timestampMs: AT },
    readTopicName(topic),
    own === undefined ? BUILT_IN : compileRules(own),
  );
const headerOf = (name: string, value: string | Buffer | null): RecordHeader => ({
  name: Buffer.from(name),
  value: value === null ? null : Buffer.from(value),
});

describe('resolveEnvelope', () => {
  it('says where each field was found', () => {
    const envelope = resolve({ correlation_id: 'c', event_id: 'e', timestamp: '2025-10-18T10:45:00Z' });
    expect(envelope.resolution).toEqual({
      dialect: 'plain-json',
      origins: {
        eventId: 'body /event_id',
        eventType: 'topic type',
        correlationId: 'body /correlation_id',
        occurredAt: 'body /timestamp',
      },
    });
  });

  it('answers the same object for the same dialect and places', () => {
    const first = resolve({ correlation_id: 'c', event_type: 'a' });
    expect(resolve({ correlation_id: 'd', event_type: 'b' }).resolution).toBe(first.resolution);
    expect(resolve({ correlationId: 'd', event_type: 'b' }).resolution).not.toBe(first.resolution);
  });

  it.each(['', ' ', 'null', 'None', 'UNKNOWN', 'n/a', '00000000-0000-0000-0000-000000000000', null, true, {}, []])(
    'takes %j for no correlation id',
    (none) => {
      expect(resolve({ correlation_id: none }).correlationId).toBeNull();
    },
  );

  it('reads ids that are numbers, and says when one may have been rounded', () => {
    expect(resolve({ correlation_id: 42 })).toMatchObject({ correlationId: '42', needsExactNumbers: false });
    expect(resolve({ correlation_id: 2 ** 60 }).needsExactNumbers).toBe(true);
    expect(resolve({ correlation_id: 2n ** 60n })).toMatchObject({
      correlationId: '1152921504606846976',
      needsExactNumbers: false,
    });
  });

  it('looks on where the first place holds nothing', () => {
    const envelope = resolve({ correlation_id: null, payload: { correlation_id: 'inner' } });
    expect(envelope.correlationId).toBe('inner');
    expect(envelope.resolution.origins.correlationId).toBe('body /payload/correlation_id');
  });

  it('lets the body win over a header, and a null in the body over a header too', () => {
    const headers = [headerOf('X-Correlation-Id', 'from-header')];
    expect(resolve({ correlation_id: 'from-body' }, headers).correlationId).toBe('from-body');
    expect(resolve({ correlation_id: null }, headers).correlationId).toBeNull();
    expect(resolve({ other: 1 }, headers).correlationId).toBe('from-header');
    expect(resolve(null, headers).correlationId).toBe('from-header');
  });

  it('flags a header that names another correlation id than the body, and not one in another case', () => {
    const id = 'B8F33C19-20B2-57F7-A3DB-BE2B78CCEF52';
    expect(resolve({ correlation_id: id }, [headerOf('correlation_id', 'other')]).flags).toContain(
      'correlation_mismatch',
    );
    expect(resolve({ correlation_id: id }, [headerOf('correlation_id', id.toLowerCase())]).flags).not.toContain(
      'correlation_mismatch',
    );
  });

  it('never reads a name from the prototype', () => {
    const hostile = JSON.parse('{"__proto__": {"correlation_id": "x"}, "payload": {"constructor": 1}}') as Json;
    expect(resolve(hostile).correlationId).toBeNull();
    const own: DialectSpec = { name: 'mine', title: '', when: ['body has /constructor'], rules: {} };
    expect(resolve({ a: 1 }, [], { own: [own] }).resolution.dialect).toBe('none');
    const inherited = Object.create({ correlation_id: 'x' }) as Json;
    expect(resolve(inherited).correlationId).toBeNull();
  });

  it('survives headers named like prototype members, repeats, and bytes that are no text', () => {
    const headers = [
      headerOf('__proto__', 'x'),
      headerOf('constructor', 'x'),
      { name: Buffer.from([0xff, 0xfe]), value: Buffer.from([0xff]) },
      headerOf('', 'x'),
      headerOf('correlation_id', 'first'),
      headerOf('correlation_id', 'second'),
    ];
    const envelope = resolve(null, headers);
    expect(envelope.correlationId).toBe('first');
    expect(envelope.flags).toContain('repeated_field');
    expect(resolve(null, headers.slice(0, 5)).flags).not.toContain('repeated_field');
  });

  it('is extended by a dialect in front, without a change to any other', () => {
    const mine: DialectSpec = {
      name: 'mine',
      title: 'Orders',
      when: ['body has /kind', 'topic ^orders\\.'],
      rules: { eventType: ['body /kind'], correlationId: ['body /order/id'] },
    };
    const value = { kind: 'paid', order: { id: 'o-1' } };
    expect(resolve(value, [], { own: [mine], topic: 'orders.paid' })).toMatchObject({
      resolution: { dialect: 'mine' },
      eventType: 'paid',
      correlationId: 'o-1',
      occurredAt: null,
    });
    expect(resolve(value, [], { own: [mine], topic: 'others' }).resolution.dialect).toBe('none');
  });

  it('flags a time without a zone, and one far from its record', () => {
    expect(resolve({ timestamp: '2025-10-18T10:45:00' }).flags).toContain('naive_time');
    expect(resolve({ timestamp: '2025-10-18T10:45:00Z' }).flags).not.toContain('far_time');
    expect(resolve({ timestamp: '2019-10-18T10:45:00Z' }).flags).toContain('far_time');
    expect(resolve({ timestamp: 1_760_968_000 }).flags).toContain('far_time');
  });

  it('reads what no dialect matches by its topic', () => {
    const values: readonly Json[] = [null, 'text', 7, [], {}, { total: 3 }];
    for (const value of values) {
      expect(resolve(value, [], { topic: 'dev.shop.order.placed.v1' })).toMatchObject({
        resolution: { dialect: 'none', origins: { eventType: 'topic type', service: 'topic service' } },
        eventType: 'order.placed',
        service: 'shop',
        flags: ['type_from_topic'],
      });
    }
  });

  it('takes the type from the body even where it is the name of the topic, but not from a header', () => {
    const topic = 'omninode.codegen.request.validate.v1';
    expect(resolve({ event_type: topic }, [], { topic }).eventType).toBe(topic);
    expect(resolve({ event_id: 'e' }, [headerOf('event_type', topic)], { topic }).eventType).toBe(
      'codegen.request.validate',
    );
    expect(resolve({ event_id: 'e' }, [headerOf('event_type', 'asked')], { topic }).eventType).toBe('asked');
    expect(resolve({ event_id: 'e' }, [headerOf('event_type', 'dlq_message')], { topic }).eventType).toBe(
      'codegen.request.validate',
    );
  });

  it('never takes the bus header source for a service, nor an all-zero span for one', () => {
    const traceparent = '00-c4dc23ac8be75af9bf0f9a8871989af9-0000000000000000-01';
    const envelope = resolve({ event_id: 'e' }, [headerOf('source', 'local'), headerOf('x-traceparent', traceparent)]);
    expect(envelope).toMatchObject({ service: null, traceId: 'c4dc23ac8be75af9bf0f9a8871989af9', spanId: null });
  });

  it('knows a dead letter by its topic, or by its headers until it is sent again', () => {
    const connect = headerOf('__connect.errors.topic', 'x');
    expect(resolve(null, [], { topic: 'a.v1.dlq' }).flags).toContain('dead_letter');
    expect(resolve(null, [connect]).flags).toContain('dead_letter');
    expect(resolve(null, [headerOf('kafka_dlt-original-topic', 'x')]).flags).toContain('dead_letter');
    expect(resolve(null, [connect, headerOf('x-replay-count', '1')]).flags).not.toContain('dead_letter');
  });

  it('shows a correlation id of 16 bytes as a UUID', () => {
    const bytes = Buffer.from('de6ced0a4619538e8ca64828c25cf83e', 'hex');
    expect(resolve(null, [headerOf('kafka_correlationId', bytes)]).correlationId).toBe(
      'de6ced0a-4619-538e-8ca6-4828c25cf83e',
    );
  });
});
