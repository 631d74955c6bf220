import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../model/record.ts';
import type { RegistrySchema, SchemaAnswer, SchemaType } from '../model/registry-schema.ts';
import { UNCHECKED } from '../model/schema-check.ts';
import { millis } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { mutationsOf } from '../schema/mutations.test-support.ts';
import { buildSchemaSet } from '../schema/schema-set.ts';
import { NO_SCHEMAS, readValue } from './read-value.ts';
import { createReading } from './reading.ts';
import { createRegistrySchemas, subjectFor } from './registry-schemas.ts';
import { createSchemaChecks, NO_CHECKS } from './schema-checks.ts';

const READING = createReading([]);
const PAID = {
  'x-throughline': { event_types: ['order.paid'], version: '1.0.0' },
  title: 'An order was paid',
  type: 'object',
  required: ['amount'],
  properties: { amount: { type: 'integer', minimum: 1 }, currency: { enum: ['EUR', 'USD'] } },
};
const SET = buildSchemaSet([{ name: 'paid.json', text: JSON.stringify(PAID), origin: 'operator' }]);

const RECORD: SourceRecord = {
  offset: 0n,
  key: null,
  value: null,
  headers: [],
  timestampMs: millis(0),
  timestampType: 'CreateTime',
};

function check(body: unknown, topic = 'orders', checks = createSchemaChecks(SET)) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const record: SourceRecord = { ...RECORD, value: Buffer.from(text) };
  const name = readTopicName(topic);
  return checks(record, name, readValue(record, name, READING, NO_SCHEMAS));
}

const FITS = { event_type: 'order.paid', correlation_id: 'c', amount: 5, currency: 'EUR' };

describe('createSchemaChecks', () => {
  test('takes a schema with numbers beyond 2^53, and tells it from one with another such number', () => {
    const hashOf = (maximum: string) => {
      const text = `{"x-throughline":{"event_types":["order.paid"]},"properties":{"amount":{"maximum":${maximum}}}}`;
      const set = buildSchemaSet([{ name: 'large.json', text, origin: 'operator' }]);
      return check(FITS, 'orders', createSchemaChecks(set)).schema?.contentHash;
    };
    expect(hashOf('123456789012345678901')).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf('123456789012345678901')).not.toBe(hashOf('123456789012345678902'));
  });

  test('an event that fits is ok, by the schema that says so, and by one object for all of them', () => {
    const checks = createSchemaChecks(SET);
    const first = check(FITS, 'orders', checks);
    expect(first).toMatchObject({
      status: 'ok',
      schema: { name: 'paid.json', title: 'An order was paid', version: '1.0.0', origin: 'operator' },
      errors: [],
      complete: true,
    });
    expect(first.schema?.contentHash).toMatch(/^[0-9a-f]{64}$/);
    expect(check({ ...FITS, amount: 7 }, 'orders', checks)).toBe(first);
  });

  test('each rule that is broken is found at its path, with the schema that says so', () => {
    const mutations = mutationsOf(PAID, FITS, []);
    expect(mutations.length).toBeGreaterThanOrEqual(5);
    for (const { body, path, rule } of mutations.filter((mutation) => mutation.path !== '')) {
      const found = check(body);
      expect(found).toMatchObject({ status: 'violation', schema: { name: 'paid.json' } });
      expect(found.errors).toContainEqual(
        expect.objectContaining({ path, rule, schema: expect.objectContaining({ name: 'paid.json' }) }),
      );
    }
  });

  test('what no schema is for, cannot be read or is no event of its own is unchecked, and never ok', () => {
    expect(check({ event_type: 'order.lost', correlation_id: 'c' })).toBe(UNCHECKED);
    expect(check('{')).toBe(UNCHECKED);
    expect(check({ ...FITS, amount: 0 }, 'orders.dlq')).toBe(UNCHECKED);
    expect(check(FITS, 'orders', NO_CHECKS)).toBe(UNCHECKED);
    expect(check(FITS, 'orders', createSchemaChecks(buildSchemaSet([])))).toBe(UNCHECKED);
  });

  test('a reference that nobody knows is a violation of its own kind', () => {
    expect(check({ ...FITS, schema_ref: 'registry://shop/other/v9' })).toEqual({
      status: 'unknown_reference',
      schema: null,
      errors: [
        {
          path: '',
          rule: 'unknown_reference',
          sentence: 'the event names the schema “registry://shop/other/v9”, which is not known',
          was: '"registry://shop/other/v9"',
          nearMiss: null,
          schema: null,
        },
      ],
      complete: true,
    });
  });

  test('a choice that is remembered is that of the same type, version and reference alone, beyond what is remembered too', () => {
    const checks = createSchemaChecks(SET);
    for (let n = 0; n < 6_000; n += 1) {
      expect(check({ event_type: `order.${n}`, correlation_id: 'c' }, 'orders', checks).status).toBe('unchecked');
      if (n % 1000 === 0) expect(check(FITS, 'orders', checks).status).toBe('ok');
    }
    expect(check({ ...FITS, schema_version: '7.0.0' }, 'orders', checks).status).toBe('unchecked');
    expect(check({ ...FITS, event_type: 'x'.repeat(5_000) }, 'orders', checks).status).toBe('unchecked');
  });

  test('a number beyond 2^53 is read digit by digit where it decides', () => {
    const text = (amount: string) => `{"event_type":"order.paid","correlation_id":"c","amount":${amount}}`;
    expect(check(text('9007199254740993')).status).toBe('ok');
    expect(check(text('-9007199254740993')).status).toBe('violation');
  });
});

describe('records that name a schema of a registry', () => {
  const subjects = [
    { subject: 'orders-value', version: 1 },
    { subject: 'orders-value', version: 3 },
    { subject: 'a-record', version: 2 },
  ];
  const registered = (type: SchemaType, text: string): RegistrySchema => ({
    ...{ registry: 'http://registry', id: 7, type, text },
    ...{ references: [], subjects },
  });
  const JSON_SCHEMA = registered(
    'JSON',
    '{"title":"Paid","properties":{"amount":{"type":"integer","maximum":9007199254740992}}}',
  );
  const AVRO = registered('AVRO', '{"type":"record","name":"Paid","fields":[{"name":"amount","type":"int"}]}');
  const PROTOBUF = registered('PROTOBUF', 'syntax = "proto3"; message Paid { int32 amount = 1; }');

  /** A value behind the five bytes that name schema 7. */
  function checkFramed(
    value: Buffer | string,
    answer: SchemaAnswer | null,
    checks = createSchemaChecks(SET),
    topic = 'orders',
  ) {
    const bytes = Buffer.concat([Buffer.from([0, 0, 0, 0, 7]), Buffer.from(value)]);
    const name = readTopicName(topic);
    const schemas = new Map(answer === null ? [] : [[7, answer]]);
    const record: SourceRecord = { ...RECORD, value: bytes };
    // Schemas by one id would be taken for one schema.
    return checks(record, name, readValue(record, name, createReading([]), schemas), schemas);
  }
  const found = (schema: RegistrySchema): SchemaAnswer => ({ kind: 'found', schema });

  test('are held against a JSON Schema, whatever other schema is for their type, and named by its subject', () => {
    const event = (amount: string) => `{"event_type":"order.paid","correlation_id":"c","amount":${amount}}`;
    const checks = createSchemaChecks(SET);
    const fits = checkFramed(event('0'), found(JSON_SCHEMA), checks);
    expect(fits).toMatchObject({
      status: 'ok',
      schema: { name: 'orders-value', title: 'Paid', version: '3', origin: 'registry' },
    });
    expect(checkFramed(event('1'), found(structuredClone(JSON_SCHEMA)), checks)).toBe(fits);
    expect(checkFramed(event('"1"'), found(JSON_SCHEMA))).toMatchObject({
      status: 'violation',
      errors: [{ path: '/amount', rule: 'type', was: '"1"', schema: { name: 'orders-value', origin: 'registry' } }],
    });
    // Rounded it would be the maximum.
    expect(checkFramed(event('9007199254740993'), found(JSON_SCHEMA))).toMatchObject({
      errors: [{ path: '/amount', rule: 'maximum', was: '9007199254740993' }],
    });
  });

  test('fit where Avro or Protobuf was read by it, and break it where it was not', () => {
    expect(checkFramed(Buffer.from([2]), found(AVRO))).toMatchObject({
      status: 'ok',
      schema: { name: 'orders-value' },
    });
    expect(checkFramed(Buffer.from([0xff]), found(AVRO))).toMatchObject({
      status: 'violation',
      schema: { name: 'orders-value' },
      errors: [{ path: '', rule: 'decode', schema: { name: 'orders-value', version: '3' } }],
    });
    expect(checkFramed(Buffer.from([2, 2, 8, 1]), found(PROTOBUF))).toMatchObject({
      status: 'violation',
      errors: [{ rule: 'decode', sentence: 'the bytes name a message that their schema does not have' }],
    });
    expect(checkFramed('{', found(JSON_SCHEMA))).toMatchObject({ status: 'violation', errors: [{ rule: 'decode' }] });
  });

  test('are violations of their own kind where the registry does not have the schema, and unchecked where it was not asked', () => {
    expect(checkFramed('{}', { kind: 'unknown' })).toMatchObject({
      status: 'unknown_reference',
      schema: null,
      errors: [{ path: '', rule: 'unknown_reference', was: '7', sentence: expect.stringContaining('schema id 7') }],
    });
    for (const answer of [
      null,
      { kind: 'unreachable' },
      { kind: 'no registry' },
      { kind: 'unusable', why: 'x' },
    ] as const) {
      expect(checkFramed('{}', answer)).toBe(UNCHECKED);
    }
  });

  test('are unchecked where it cannot be used, which is said once', () => {
    const said: string[] = [];
    const registry = createRegistrySchemas((_schema, broken) => {
      if (broken !== null) said.push(`${broken.name}:${broken.line} ${broken.reason}`);
    });
    const checks = createSchemaChecks(SET, registry);
    const broken = found(registered('JSON', '{"type":"strnig"}'));
    for (const topic of ['orders', 'orders', 'other']) {
      expect(checkFramed('{"event_type":"order.paid"}', broken, checks, topic)).toBe(UNCHECKED);
    }
    expect(said).toEqual([expect.stringMatching(/^orders-value:1 /)]);
  });

  test('are no events of their own on a dead-letter topic', () => {
    expect(checkFramed('{"amount":"1"}', found(JSON_SCHEMA), createSchemaChecks(SET), 'orders.dlq')).toBe(UNCHECKED);
    expect(checkFramed('{}', { kind: 'unknown' }, createSchemaChecks(SET), 'orders.dlq')).toBe(UNCHECKED);
  });

  test('have their schema chosen once for all that say the same of themselves, and anew when it is another', () => {
    let looked = 0;
    const watched = new Proxy(SET, {
      get(set, name) {
        looked += 1;
        return Reflect.get(set, name);
      },
    });
    const checks = createSchemaChecks(watched);
    const lookedFor = (text: string, schema: RegistrySchema) => {
      const before = looked;
      checkFramed(text, found(schema), checks);
      return looked - before;
    };
    const fresh = lookedFor('{"event_type":"order.paid"}', JSON_SCHEMA);
    expect(fresh).toBeGreaterThan(0);
    expect(lookedFor('{"event_type":"order.paid","n":1}', JSON_SCHEMA)).toBe(0);
    expect(lookedFor('{"event_type":"order.paid"}', { ...JSON_SCHEMA, id: 8 })).toBe(fresh);
    expect(lookedFor('{"event_type":"order.other"}', JSON_SCHEMA)).toBe(fresh);
  });

  test('are named by their subject from the moment it is known on', () => {
    const checks = createSchemaChecks(SET);
    const { subjects: _, ...nameless } = JSON_SCHEMA;
    const nameOf = (schema: RegistrySchema) => checkFramed('{"amount":1}', found(schema), checks)?.schema?.name;
    expect([nameOf(nameless), nameOf(JSON_SCHEMA), nameOf(JSON_SCHEMA)]).toEqual([
      ...['schema id 7', 'orders-value', 'orders-value'],
    ]);
  });

  test('are checked alike, however many other schemas came between', () => {
    const checks = createSchemaChecks(SET);
    for (let id = 0; id < 520; id += 1) {
      const other = { ...registered('JSON', `{"const":${id}}`), id: 10_000 + id };
      const schemas = new Map([[7, { kind: 'found', schema: other } as const]]);
      const record: SourceRecord = { ...RECORD, value: Buffer.from([0, 0, 0, 0, 7, 0x31]) };
      const name = readTopicName('orders');
      checks(record, name, readValue(record, name, READING, schemas), schemas);
      if (id % 200 === 0) expect(checkFramed('{"amount":"1"}', found(JSON_SCHEMA), checks).status).toBe('violation');
    }
    expect(checkFramed('{"amount":"1"}', found(JSON_SCHEMA), checks).status).toBe('violation');
  });

  test.each([
    ['orders', 'orders-value', '3'],
    ['paid', 'paid-shop.Paid', '1'],
    ['other', 'a-record', '2'],
  ])('on %s are named by the subject %s', (topic, subject, version) => {
    const more = ['paid-shop.Paid', 'paid-key', 'orders-a', 'z'].map((each) => ({ subject: each, version: 1 }));
    for (const all of [
      [...subjects, ...more],
      [...more, ...subjects],
    ]) {
      expect(subjectFor({ id: 7, subjects: all }, topic)).toEqual({ subject, version });
    }
  });

  test('are named by the id of their schema where no subject is known', () => {
    expect(subjectFor({ id: 7 }, 'orders')).toEqual({ subject: 'schema id 7', version: null });
  });
});
