import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PreparedEvent } from '../model/event.ts';
import type { SourceRecord } from '../model/record.ts';
import { millis } from '../model/time.ts';
import { readTopicName } from '../model/topic-name.ts';
import { prepareEvent, rememberedKeys } from '../pipeline/prepare-event.ts';
import { createReading } from '../pipeline/reading.ts';
import type { TopicPartition } from '../ports/source.ts';
import { eachRawRecord } from './read/raw-records.ts';
import { batchOf, NOON, openStore, type TestStore } from './store.test-support.ts';
import { inTransaction } from './transaction.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const MB = 1024 * 1024;

/** A record through the whole pipeline, as ingest does it. */
function prepared(place: TopicPartition, offset: bigint, record: Partial<SourceRecord>): PreparedEvent {
  return prepareEvent(
    {
      offset,
      timestampMs: millis(NOON / 1000),
      timestampType: 'CreateTime',
      key: null,
      headers: [],
      value: null,
      ...record,
    },
    {
      workspaceId: 1,
      incarnation: { id: place.incarnationId, cluster: 'test', topic: place.topic, n: 1 },
      topic: readTopicName(place.topic),
      partition: place.partition,
      reading: createReading([]),
      resolverVersion: 1,
      keyOf: rememberedKeys(1),
    },
  );
}

const sha = (bytes: Buffer | null) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

test('values of 20 MB come back byte by byte, are shown in part, and what is too large to decode is kept all the same', async () => {
  const place = await store.topic('large-values');
  const text = (id: string, bytes: number) =>
    Buffer.from(JSON.stringify({ correlation_id: id, filler: randomBytes(bytes / 2).toString('hex') }));
  const values = [
    text('large-1', 20 * MB),
    Buffer.concat([Buffer.from([0xff]), randomBytes(20 * MB - 1)]),
    text('large-2', 1000),
    text('large-3', 26 * MB),
  ];
  const events = values.map((value, index) => prepared(place, BigInt(index), { value }));
  expect(events.map((event) => event.reason)).toEqual([null, 'binary', null, 'too large to decode']);
  expect(await store.ingest.storeBatch(batchOf(place, events))).toEqual({ kind: 'stored' });
  await store.settleAll();

  const found = new Map<bigint, string>();
  const refs = values.map((_, index) => ({ ...place, storedDay: '2026-03-01', offset: BigInt(index) }));
  await inTransaction(store.pool, (client) =>
    eachRawRecord(client, refs, (ref, answer) => {
      found.set(ref.offset, answer.kind === 'raw' ? sha(answer.record.value) : answer.kind);
    }),
  );
  expect([...found].sort()).toEqual(values.map((value, index) => [BigInt(index), sha(value)]));

  for (const [index, value] of values.entries()) {
    const event = await store.reads.event(`test/large-values~1/0/${index}`);
    expect(event?.payload?.bytes).toBe(value.length);
    expect(event?.payload?.text.length).toBeLessThanOrEqual(Math.ceil((64 * 1024 * 4) / 3) + 4);
  }
  const trace = await store.reads.trace({ id: 'large-1' }, { includePayload: true, limit: 9 });
  expect(trace?.events[0]?.payload).toMatchObject({ encoding: 'text', truncated: true });
});

test('ids, names, keys and header names of any length are stored, listed and found', async () => {
  const place = await store.topic('long-texts');
  const long = (letter: string) => letter.repeat(MB);
  const value = Buffer.from(
    JSON.stringify({
      correlation_id: long('😀'),
      event_id: long('e'),
      causation_id: long('c'),
      event_type: long('t'),
      source_service: long('s'),
    }),
  );
  const event = prepared(place, 0n, {
    key: randomBytes(50 * 1024),
    headers: [{ name: Buffer.from(long('h')), value: Buffer.from(long('v')) }],
    value,
  });
  expect(await store.ingest.storeBatch(batchOf(place, [event]))).toEqual({ kind: 'stored' });
  await store.settleAll();
  const shown = await store.reads.event('test/long-texts~1/0/0');
  expect(shown).toMatchObject({ payload_missing: null, key: { bytes: 50 * 1024 } });
  expect(shown?.headers[0]?.name).toHaveLength(1024);
  const { rows } = await store.pool.query<{ most: number }>(
    `select greatest((select max(length(label)) from name), (select max(length(id_text)) from trace)) as most`,
  );
  expect(rows[0]?.most).toBeLessThanOrEqual(1024);
  const trace = await store.reads.trace({ id: long('😀') }, { includePayload: false, limit: 5 });
  expect(trace?.events).toHaveLength(1);
  expect((await store.reads.traces({ q: '😀😀', singles: 'all', includeLine: true, limit: 5 })).traces).toHaveLength(1);
  expect((await store.reads.events({ topic: 'long-texts', clock: 'stored', limit: 5 })).events).toHaveLength(1);
});
