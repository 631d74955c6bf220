import { describe, expect, test } from 'vitest';
import type { SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { chooseSchemas } from '../schema/check-event.ts';
import { buildSchemaSet } from '../schema/schema-set.ts';
import { checkableRecord, checkRecord, type RecordCheck } from './check-record.ts';
import { NO_SCHEMAS, readValue } from './read-value.ts';
import { createReading } from './reading.ts';

const READING = createReading([]);
const TOPIC = readTopicName('dev.shop.paid.v1');
const REFERENCE = 'registry://shop/paid/v1';

function schema(rules: object): ReturnType<typeof buildSchemaSet> {
  const purpose = { topics: ['dev.shop.paid.v1'], references: [REFERENCE], version: '1.0.0' };
  const text = JSON.stringify({ 'x-throughline': purpose, ...rules });
  return buildSchemaSet([{ name: 'paid.json', text, origin: 'operator' }]);
}

function check(value: Buffer | string | null, rules: object, headers: Record<string, string> = {}): RecordCheck | null {
  const record: SourceRecord = {
    offset: 0n,
    key: null,
    value: value === null ? null : Buffer.from(value),
    headers: Object.entries(headers).map(([name, text]) => ({ name: Buffer.from(name), value: Buffer.from(text) })),
    timestampMs: millis(0),
    timestampType: 'CreateTime',
  };
  const checkable = checkableRecord(record, TOPIC, readValue(record, TOPIC, READING, NO_SCHEMAS));
  return checkable && checkRecord(record, checkable, chooseSchemas(checkable.facts, schema(rules)));
}

describe('a record', () => {
  test('is held against the schema of its topic, by what its bytes say', () => {
    expect(check('{"amount":1}', { properties: { amount: { type: 'number' } } })?.status).toBe('ok');
    expect(check('{"amount":"1"}', { properties: { amount: { type: 'number' } } })?.status).toBe('violation');
  });

  test('that cannot be read is not held against anything', () => {
    for (const value of [null, '', '{', Buffer.from([0, 0, 0, 0, 1, 2])]) expect(check(value, {})).toBeNull();
  });

  test('names its schema in a header, in any case of letters', () => {
    expect(check('{}', {}, { CE_DataSchema: REFERENCE })).toMatchObject({ why: expect.stringContaining('names') });
    expect(check('{}', {}, { ce_dataschema: 'registry://x/y' })).toMatchObject({
      status: 'unknown reference',
      reference: 'registry://x/y',
    });
  });

  test('is read digit by digit where a number beyond 2^53 decides', () => {
    const rules = { properties: { n: { const: 1 } }, not: { properties: { n: { multipleOf: 2 } }, required: ['n'] } };
    // Rounded it would be even.
    expect(check('{"n":9007199254740993}', rules)).toMatchObject({
      status: 'violation',
      broken: [{ errors: [{ path: '/n', rule: 'const', was: '9007199254740993' }] }],
    });
  });
});
