import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MergeStore } from '../../ports/merge-store.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { createRetentionStore } from '../retention/retention-store.ts';
import { SEGMENT_RECORDS } from '../segment.ts';
import { batchOf, eventOf, NOON, openStore, stitchAll, type TestStore } from '../store.test-support.ts';
import { createMergeStore } from './merge-store.ts';

let store: TestStore;
let merge: MergeStore;
beforeAll(async () => {
  store = await openStore();
  merge = createMergeStore({ pool: store.pool, restMs: 0 });
});
afterAll(() => store.close());

async function finish(): Promise<unknown[]> {
  const merged: unknown[] = [];
  for (let step = await merge.step(); step !== 'idle'; step = await merge.step())
    if (step !== 'working') merged.push(step);
  return merged;
}

/** One batch, and so one segment, per value. */
async function oneByOne(place: TopicPartition, values: readonly Buffer[], first = 0): Promise<void> {
  for (const [index, value] of values.entries()) {
    const offset = BigInt(first + index);
    await store.ingest.storeBatch(batchOf(place, [eventOf(place, offset, { correlation: place.topic, value })]));
  }
}

const payloads = async (topic: string) =>
  (await store.reads.trace({ id: topic }, { includePayload: true, limit: 1000 }))?.events.map(
    (event) => event.payload_missing ?? event.payload?.text,
  );

const segments = async (place: TopicPartition) =>
  (
    await store.pool.query<{ base_offset: string; record_count: number }>(
      'select base_offset, record_count from segment where incarnation_id = $1 order by base_offset',
      [place.incarnationId],
    )
  ).rows.map((row) => [Number(row.base_offset), row.record_count]);

/** Where segments as large as they may be begin, and what each holds. */
const full = (from: number, to: number): number[][] =>
  from >= to ? [] : [[from, Math.min(SEGMENT_RECORDS, to - from)], ...full(from + SEGMENT_RECORDS, to)];

test('small segments of a day that is over become large ones, and every record is found as before', async () => {
  const [left, right, damaged] = [await store.topic('left'), await store.topic('right'), await store.topic('damaged')];
  const small = (n: number) =>
    Array.from({ length: n }, (_, index) => Buffer.from(`{"n":${index},"text":"some text"}`));
  await oneByOne(left, small(150));
  // Large ones stay alone; what stands on both sides is not joined over them.
  await oneByOne(right, [...small(3), randomBytes(140_000), ...small(2)]);
  await oneByOne(damaged, small(5));
  await store.settleAll();
  await store.pool.query('update segment_bytes set checksum = 1 where incarnation_id = $1 and base_offset = 1', [
    damaged.incarnationId,
  ]);
  await store.pool.query('delete from segment_bytes where incarnation_id = $1 and base_offset = 3', [
    damaged.incarnationId,
  ]);
  const before = await Promise.all(['left', 'right', 'damaged'].map(payloads));

  expect(await merge.step()).toBe('working');
  expect(await merge.step()).toBe('working');
  // While the copy grows, the day is read as it is.
  expect(await segments(left)).toHaveLength(150);
  const [day] = (await finish()) as { bytesBefore: number; bytesAfter: number }[];
  expect(day).toMatchObject({ day: '2026-03-01', segmentsBefore: 161, segmentsAfter: full(0, 150).length + 3 + 5 });
  expect(day?.bytesAfter).toBeLessThan(day?.bytesBefore ?? 0);
  expect(await segments(left)).toEqual(full(0, 150));
  expect(await segments(right)).toEqual([
    [0, 3],
    [3, 1],
    [4, 2],
  ]);
  expect(await segments(damaged)).toEqual([0, 1, 2, 3, 4].map((offset) => [offset, 1]));

  expect(await Promise.all(['left', 'right', 'damaged'].map(payloads))).toEqual(before);
  expect(await store.reads.event('test/left~1/0/77')).toMatchObject({
    payload: { text: '{"n":77,"text":"some text"}' },
  });
  const { rows: noted } = await store.pool.query('select base_offset, why from damage order by base_offset');
  expect(noted).toEqual([
    { base_offset: '1', why: 'checksum' },
    { base_offset: '3', why: 'lost' },
  ]);
  expect(await merge.step()).toBe('idle');
});

test('a copy that lacks a record is thrown away, and a day in large segments is left alone', async () => {
  const place = await store.topic('late');
  await store.pool.query(`delete from segment_merge`);
  const events = (from: number) => Array.from({ length: 100 }, (_, index) => eventOf(place, BigInt(from + index)));
  await oneByOne(
    place,
    Array.from({ length: 100 }, () => Buffer.from('{}')),
  );
  expect(await merge.step()).toBe('working');
  expect(await merge.step()).toBe('working');
  expect(await merge.step()).toBe('working');
  await store.ingest.storeBatch(batchOf(place, events(100)));
  await finish();
  expect(await segments(place)).toEqual([...full(0, 100), ...full(100, 200)]);
  await store.pool.query(`delete from segment_merge`);
  expect(await finish()).toEqual([]);
  const { rows } = await store.pool.query('select state from segment_merge');
  expect(rows).toEqual([{ state: 'not worth it' }]);
});

test('readers in the middle of a look keep the swap waiting, not the other way round', async () => {
  const place = await store.topic('read');
  await store.pool.query(`delete from segment_merge`);
  await oneByOne(
    place,
    Array.from({ length: 400 }, () => Buffer.from('{}')),
  );
  const reader = new pg.Client({ connectionString: store.database.url });
  await reader.connect();
  await reader.query('begin');
  await reader.query('select count(*) from segment');
  let steps = 0;
  while ((await merge.step()) === 'working') steps++;
  expect(steps).toBeGreaterThan(1);
  expect((await segments(place)).length).toBe(400);
  await reader.query('rollback');
  await reader.end();
  expect(await finish()).toHaveLength(1);
  expect(await segments(place)).toEqual(full(0, 400));
});

test('a day whose payload expires while it is copied is given up, and the next has its turn', async () => {
  const place = await store.topic('expiring');
  await store.pool.query(`delete from segment_merge`);
  await oneByOne(
    place,
    Array.from({ length: 40 }, () => Buffer.from('{}')),
  );
  expect(await merge.step()).toBe('working');
  expect(await merge.step()).toBe('working');
  const retention = createRetentionStore({
    pool: store.pool,
    settle: stitchAll,
    now: () => NOON / 1000 + 3 * 86_400_000,
  });
  const day = 86_400_000;
  await retention.expire({
    ageMs: { payload: day, events: 9 * day, aggregates: 99 * day },
    payloadBytes: null,
    totalBytes: null,
  });
  expect(await finish()).toEqual([]);
  expect((await store.pool.query('select from segment_merge')).rows).toEqual([]);
  expect((await store.reads.event('test/expiring~1/0/7'))?.payload_missing).toBe('expired');
});
