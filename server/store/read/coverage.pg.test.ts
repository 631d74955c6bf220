import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { UNCHECKED } from '../../model/schema-check.ts';
import { type Millis, micros, millis } from '../../model/time.ts';
import type { PartitionFilter } from '../../ports/reads.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { breaks, errorAt, FITS } from '../violations.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());
// Sums are shared for a second of the store's clock.
beforeEach(() => {
  store.now.value = millis(store.now.value + 5000) satisfies Millis;
});

const RANGE = { from: micros(NOON - 60e6), to: micros(NOON + 60e6) };
const partitionsOf = async (filter: Partial<PartitionFilter>) =>
  (await store.reads.partitions({ withHoles: false, limit: 1000, ...filter })).partitions;

test('the sums say what is stored, expired, damaged and missing, and by which reason', async () => {
  const place = await store.topic('summed');
  await store.ingest.storeBatch(
    batchOf(place, [
      eventOf(place, 0n),
      eventOf(place, 1n, { correlation: null }),
      { ...eventOf(place, 2n), reason: 'not json' },
    ]),
  );
  await store.ingest.storeHole({ ...place, fromOffset: 3n, toOffset: 10n, reason: 'retention' }, null);
  await store.ingest.storeHole({ ...place, fromOffset: 10n, toOffset: 11n, reason: 'too large' }, null);
  await store.pool.query(`insert into damage values ($1, 0, 1, 2, '2026-03-01', 'checksum')`, [place.incarnationId]);
  await store.pool.query(`insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
    values (1, 'events', '2026-02-01', 1, 1, 0, 0, 'age'), (1, 'payload', '2026-02-01', 2, 1, 0, 0, 'age')`);
  const { totals, line } = await store.reads.coverage(RANGE);
  expect(totals).toEqual({
    stored: '2',
    undecodable: '0',
    uncorrelated: '1',
    violating: '0',
    expired: '1',
    payload_expired: '2',
    damaged: '2',
    holes: [
      { reason: 'retention', holes: 1, records: '7' },
      { reason: 'too large', holes: 1, records: '1' },
    ],
    topics: 1,
    partitions: 1,
    last_recorded_at: '2026-03-01T12:00:00.002000Z',
  });
  expect(line.some((stretch) => stretch.kind === 'hole')).toBe(true);
  const empty = await store.reads.traces({ q: 'nothing', singles: 'all', includeLine: false, limit: 5 });
  expect(empty.searched).toMatchObject({ records: '2', expired: '1' });
  expect(await partitionsOf({ withHoles: true })).toMatchObject([
    { topic: 'summed', holes_omitted: 0, damaged: [{ from: '1', records: 2, why: 'checksum' }] },
  ]);
});

test('the sums say how many of the events that are stored break their schema', async () => {
  const place = await store.topic('judged');
  const checks = [FITS, breaks(errorAt('/a'), errorAt('/b')), breaks(errorAt('/a')), UNCHECKED];
  const judged = (first: number) =>
    checks.map((check, index) => eventOf(place, BigInt(first + index), { check, at: NOON + index * 60_000_000 }));
  const violating = async () => {
    store.now.value = millis(store.now.value + 5000);
    return (await store.reads.coverage(RANGE)).totals.violating;
  };
  await store.ingest.storeBatch(batchOf(place, judged(0)));
  await store.ingest.storeBatch(batchOf(place, judged(4), micros(NOON + 86_400_000_000)));
  expect(await violating()).toBe('4');
  await store.pool.query(`insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
    values (1, 'events', '2026-03-01', 0, 0, 0, 0, 'age')`);
  expect(await violating()).toBe('2');
});

test('partitions come in pages, each once, and by topic', async () => {
  for (const topic of ['b', 'a', 'B']) await store.topic(topic);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await store.reads.partitions({ withHoles: false, limit: 2, ...(cursor === null ? {} : { cursor }) });
    seen.push(...page.partitions.map((partition) => partition.topic));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(seen).toEqual(['B', 'a', 'b', 'judged', 'summed']);
  expect((await partitionsOf({ topic: 'a' })).map((partition) => partition.topic)).toEqual(['a']);
  expect(await partitionsOf({ topic: "'; drop table event" })).toEqual([]);
  expect(await store.reads.partitions({ withHoles: false, limit: 0 })).toEqual({ partitions: [], next_cursor: null });
});

test('of thousands of holes the newest are listed, and no range is called stored that is not', async () => {
  const place = await store.topic('holey');
  await store.pool.query(
    `insert into hole (incarnation_id, partition, from_offset, to_offset, reason)
     select $1, 0, n * 10, n * 10 + 5, 'compaction' from generate_series(0, 599) n`,
    [place.incarnationId],
  );
  await store.pool.query('update partition_state set next_offset = 6000 where incarnation_id = $1', [
    place.incarnationId,
  ]);
  const [partition] = await partitionsOf({ topic: 'holey' });
  expect(partition).toMatchObject({ holes_omitted: 100 });
  expect(partition?.holes).toHaveLength(500);
  expect(partition?.stored[0]).toEqual({ from: '995', to: '1000' });
  expect(partition?.stored).toHaveLength(501);
});

test('the lag in seconds is an upper bound that rests on what is known', async () => {
  const place = await store.topic('lagging');
  const lag = async () => {
    const [partition] = await partitionsOf({ topic: 'lagging' });
    return [partition?.lag, partition?.lag_s];
  };
  expect(await lag()).toEqual([null, null]);
  await store.ingest.storeWatermarks([{ ...place, low: 0n, high: 3n }]);
  // Records of which nothing is known may be of any age.
  expect(await lag()).toEqual(['3', null]);
  store.now.value = millis(store.now.value + 5000);
  expect((await store.reads.pulse()).tap).toMatchObject({ lag: '3', behind_s: null });
  const line = (await store.reads.coverage(RANGE)).line;
  expect(line.every((stretch) => stretch.kind !== 'stored')).toBe(true);

  // In the middle of an old backlog the last stored record says how old the rest can be.
  const hourAgo = micros(Date.now() * 1000 - 3600e6);
  await store.ingest.storeBatch({ ...batchOf(place, [eventOf(place, 0n, { at: hourAgo })]), highWatermark: 3n });
  const [, seconds] = await lag();
  expect(seconds).toBeGreaterThanOrEqual(3600);
  expect(seconds).toBeLessThan(3600 + 120);

  // All was read a moment ago: what came since cannot be older, however old the last record was.
  const rest = [1n, 2n].map((offset) => eventOf(place, offset, { at: hourAgo }));
  await store.ingest.storeBatch({ ...batchOf(place, rest), highWatermark: 3n });
  expect(await lag()).toEqual(['0', 0]);
  await store.ingest.storeWatermarks([{ ...place, low: 0n, high: 9n }]);
  const [records, since] = await lag();
  expect(records).toBe('6');
  expect(since).toBeLessThan(120);
  store.now.value = millis(store.now.value + 5000);
  expect((await store.reads.pulse()).tap.behind_s).toBeLessThan(120);
});
