import { describe, expect, it } from 'vitest';
import { searchFields } from '../config/search-fields.ts';
import { millis } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { prepareEvent, rememberedKeys } from './prepare-event.ts';
import { createReading } from './reading.ts';

const { fields } = searchFields({ order_id: ['/payload/order_id', '/order'], paid: ['/paid'] }, 'throughline.yaml');

function termsOf(body: string): readonly string[] {
  const record = {
    ...{ offset: 0n, key: null, headers: [], timestampMs: millis(0), timestampType: 'CreateTime' as const },
    value: Buffer.from(body),
  };
  const event = prepareEvent(record, {
    workspaceId: 1,
    incarnation: { id: 1, cluster: 'c', topic: 'orders', n: 1 },
    topic: readTopicName('orders'),
    partition: 0,
    reading: createReading([], fields),
    resolverVersion: 1,
    keyOf: rememberedKeys(1),
  });
  return event.terms.map(({ kind, value }) => `${kind} ${value}`);
}

describe('declared fields', () => {
  it('are terms by their names, the first pointer that holds a value first', () => {
    expect(termsOf('{"correlation_id":"c","payload":{"order_id":"A-17"},"order":2}')).toEqual(['field order_id=A-17']);
    expect(termsOf('{"correlation_id":"c","order":2,"paid":false}')).toEqual(['field order_id=2', 'field paid=false']);
  });

  it('keep every digit of a number, and fold the case of a UUID', () => {
    expect(termsOf('{"correlation_id":"c","order":12345678901234567890}')).toEqual([
      'field order_id=12345678901234567890',
    ]);
    const id = 'AAAAAAAA-0000-5000-8000-000000000001';
    expect(termsOf(`{"correlation_id":"c","order":"${id}"}`)).toEqual([`field order_id=${id.toLowerCase()}`]);
  });

  it('say nothing where there is no value, or no trace to find', () => {
    expect(termsOf('{"correlation_id":"c","payload":{"order_id":null},"order":""}')).toEqual([]);
    expect(termsOf('{"order":"A-17"}')).toEqual([]);
  });

  it('change the digest of the rules: stored events were read without them', () => {
    expect(createReading([], fields).digest).not.toBe(createReading([]).digest);
  });
});

describe('searchFields', () => {
  it('says which name and which pointer is wrong', () => {
    const { problems } = searchFields({ 'Order-Id': ['/a'], status: ['/b'], ok: ['c'] }, 'file.yaml');
    expect(problems).toEqual([
      'file.yaml: fields.Order-Id: a name is a lower-case letter and up to 39 letters, digits and underscores.',
      'file.yaml: fields.status: a search has that word already; choose another one.',
      'file.yaml: fields.ok: A pointer begins with “/”, which “c” does not.',
    ]);
  });
});
