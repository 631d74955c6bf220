import { expect, test } from 'vitest';
import type { Json } from '../../model/json.ts';
import { readDeadLetter } from './dead-letter.ts';

const header = (name: string, value: string | Buffer) => ({ name: Buffer.from(name), value: Buffer.from(value) });

test('a dead letter names its reason and the place of its original in the body', () => {
  const body = { original_topic: 'a.b', original_partition: 2, original_offset: 57, error: 'no', error_type: 'E' };
  expect(readDeadLetter(body, [])).toEqual({
    reason: 'no',
    retries: null,
    original: { topic: 'a.b', partition: 2, offset: '57' },
  });
});

test('or in the headers, as text or as the bytes of a number', () => {
  const offset = Buffer.alloc(8);
  offset.writeBigInt64BE(9_007_199_254_740_993n);
  const spring = [
    header('kafka_dlt-original-topic', 'orders'),
    header('kafka_dlt-original-partition', Buffer.from([0, 0, 0, 3])),
    header('kafka_dlt-original-offset', offset),
    header('kafka_dlt-exception-message', 'cannot'),
  ];
  expect(readDeadLetter(null, spring)).toEqual({
    reason: 'cannot',
    retries: null,
    original: { topic: 'orders', partition: 3, offset: '9007199254740993' },
  });
});

test('what is not written as a place or a reason is left out, and nothing is long', () => {
  const hostile = {
    original_topic: 't',
    original_partition: -1,
    original_offset: 'x',
    error: { message: 'e'.repeat(9e3) },
  };
  const { reason, original } = readDeadLetter(hostile, []);
  expect(reason).toHaveLength(300);
  expect(original).toEqual({ topic: 't', partition: null, offset: null });
  expect(readDeadLetter([1], [])).toEqual({ reason: null, retries: null, original: null });
});

test('how often it was tried again stands in the body or a header; a header that counts the first try too counts one more', () => {
  const retries = (body: Json, ...headers: ReturnType<typeof header>[]) => readDeadLetter(body, headers).retries;
  expect(retries({ retry_count: 3 })).toBe(3);
  expect(retries({ retry_count: '0' })).toBe(0);
  expect(retries(null, header('retry_count', '5'))).toBe(5);
  expect(retries(null, header('retry_topic-attempts', Buffer.from([0, 0, 0, 4])))).toBe(3);
  expect(retries(null, header('__dlq.errors.delivery.count', '1'))).toBe(0);
  for (const none of [-1, 1.5, 1e300, 'many', true, [3], { retry_count: 3 }, ''])
    expect(retries({ retry_count: none })).toBe(null);
  expect(retries(null, header('attempts', '0'))).toBe(null);
});

test('a count that is nested deeper than can be written is none', () => {
  let deep: Json = [];
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  const body = { original_topic: 't', original_partition: deep, original_offset: deep, retry_count: deep };
  expect(readDeadLetter(body, [])).toMatchObject({ retries: null, original: { partition: null, offset: null } });
});
