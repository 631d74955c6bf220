import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../model/record.ts';
import { UNCHECKED } from '../model/schema-check.ts';
import { millis } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { mutationsOf } from '../schema/mutations.test-support.ts';
import { buildSchemaSet } from '../schema/schema-set.ts';
import { NO_SCHEMAS, readValue } from './read-value.ts';
import { createReading } from './reading.ts';
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

function check(body: unknown, topic = 'orders', checks = createSchemaChecks(SET)) {
  const record: SourceRecord = {
    offset: 0n,
    key: null,
    value: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    headers: [],
    timestampMs: millis(0),
    timestampType: 'CreateTime',
  };
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
