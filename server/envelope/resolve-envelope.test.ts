import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import type { RecordHeader } from '../model/record.ts';
import { body, type Dialect } from './dialect.ts';
import { BUILT_IN_DIALECTS } from './dialects.ts';
import { resolveEnvelope } from './resolve-envelope.ts';

const resolve = (value: Json | null, headers: readonly RecordHeader[] = [], dialects = BUILT_IN_DIALECTS) =>
  resolveEnvelope(value, { headers }, dialects);
const headerOf = (name: string, value: string | null): RecordHeader => ({
  name: Buffer.from(name),
  value: value === null ? null : Buffer.from(value),
});

describe('resolveEnvelope', () => {
  it('says where each field was found', () => {
    const envelope = resolve({ correlation_id: 'c', event_id: 'e', timestamp: '2025-10-18T10:45:00Z' });
    expect(envelope.resolution.origins).toEqual({
      correlationId: 'body /correlation_id',
      eventId: 'body /event_id',
      occurredAt: 'body /timestamp',
    });
  });

  it.each(['', ' ', 'null', 'None', 'UNKNOWN', 'n/a', '00000000-0000-0000-0000-000000000000', null, true, {}, []])(
    'takes %j for no correlation id',
    (none) => {
      expect(resolve({ correlation_id: none }).correlationId).toBeNull();
    },
  );

  it('reads ids that are numbers', () => {
    expect(resolve({ correlation_id: 42 }).correlationId).toBe('42');
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

  it('never reads a name from the prototype', () => {
    const hostile = JSON.parse('{"__proto__": {"correlation_id": "x"}, "payload": {"constructor": 1}}') as Json;
    expect(resolve(hostile).correlationId).toBeNull();
    const dialect: Dialect = { ...requireFirst(), requires: ['constructor'] };
    expect(resolve({ a: 1 }, [], [dialect]).resolution.dialect).toBe('none');
  });

  it('survives headers named like prototype members, repeats, and bytes that are no text', () => {
    const headers = [
      headerOf('__proto__', 'x'),
      headerOf('constructor', 'x'),
      { name: Buffer.from([0xff, 0xfe]), value: Buffer.from([0xff]) },
      headerOf('correlation_id', 'first'),
      headerOf('correlation_id', 'second'),
    ];
    expect(resolve(null, headers).correlationId).toBe('first');
  });

  it('is extended by a dialect in front, without a change to any other', () => {
    const mine: Dialect = {
      name: 'mine',
      requires: ['kind'],
      rules: {
        eventId: [body('no')],
        eventType: [body('kind')],
        correlationId: [body('order', 'id')],
        causationId: [],
        service: [],
        occurredAt: [],
      },
    };
    const envelope = resolve({ kind: 'paid', order: { id: 'o-1' } }, [], [mine, ...BUILT_IN_DIALECTS]);
    expect(envelope).toMatchObject({
      resolution: { dialect: 'mine' },
      eventType: 'paid',
      correlationId: 'o-1',
      occurredAt: null,
    });
  });

  it('flags a time without a zone', () => {
    expect(resolve({ timestamp: '2025-10-18T10:45:00' }).flags).toEqual(['naive_time']);
  });
});

function requireFirst(): Dialect {
  const first = BUILT_IN_DIALECTS[0];
  if (first === undefined) throw new Error('there is a dialect');
  return first;
}
