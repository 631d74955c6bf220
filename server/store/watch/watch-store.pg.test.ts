import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { millis } from '../../model/time.ts';
import type { TopicPartition } from '../../ports/source.ts';
import type { KnownGroup, WatchRound, WatchStore } from '../../ports/watch-store.ts';
import { openStore, type TestStore } from '../store.test-support.ts';
import { createWatchStore } from './watch-store.ts';

const NOON = Date.UTC(2026, 2, 1, 12);
let store: TestStore;
let place: TopicPartition;
beforeAll(async () => {
  store = await openStore();
  place = await store.topic('orders');
});
afterAll(() => store.close());

const opened: WatchStore[] = [];
afterEach(async () => {
  for (const leader of opened.splice(0)) await leader.release();
});

function open(): WatchStore {
  const leader = createWatchStore({ pool: store.pool, workspaceId: 1, ownGroup: 'own' });
  opened.push(leader);
  return leader;
}

const group = (name: string, change: Partial<KnownGroup> = {}): KnownGroup => ({
  ...{ group: name, type: 'classic', protocolType: 'consumer', state: 'Stable', undescribable: null, trouble: null },
  ...{ memberCount: 1, members: [{ clientId: 'c', host: '/h', instanceId: null }] },
  ...change,
});

const roundAt = (seconds: number, change: Partial<WatchRound> = {}): WatchRound => ({
  ...{ beganAt: millis(NOON + seconds * 1000), endedAt: millis(NOON + seconds * 1000 + 50), failure: null },
  ...{ failedGroups: [], failedTopics: [], groups: [], goneGroups: [], committed: [], marks: [], markHistory: [] },
  ...{ groupCount: 1, requests: 4 },
  ...change,
});

const committed = (name: string, was: bigint | null, offset: bigint | null, afterSeconds: number | null) => ({
  ...{ group: name, incarnationId: place.incarnationId, partition: 0, was, offset, foreign: null },
  afterAt: afterSeconds === null ? null : millis(NOON + afterSeconds * 1000),
});

const rows = async (sql: string) => (await store.pool.query(sql)).rows;

test('one process leads; what it wrote is what the next one goes on from, and nothing is written twice', async () => {
  const [first, second] = [open(), open()];
  expect(await first.acquire('never-seen')).toBe(null);
  expect(await first.acquire('test')).toMatchObject({ groups: [], offsets: [], marks: [], cleanAt: null });
  expect(await second.acquire('test')).toBe(null);
  expect(await first.topics()).toMatchObject([{ incarnationId: place.incarnationId, topic: 'orders' }]);

  const odd = `odd\0${'x'.repeat(2000)}`;
  const mark = { incarnationId: place.incarnationId, partition: 0, low: 0n, high: 9n, at: millis(NOON) };
  await first.write(
    roundAt(0, {
      groups: [group('g'), group(odd, { undescribable: 'Why.', state: null, memberCount: null, members: [] })],
      committed: [committed('g', null, 5n, null), committed(odd, null, 1n, null)],
      marks: [{ ...mark, wasHigh: null, wasAt: null }],
      markHistory: [{ ...mark, wasHigh: null, wasAt: null }],
    }),
  );
  for (const seconds of [2, 4, 6]) await first.write(roundAt(seconds));
  const failedGroups = [{ group: 'g', why: 'Loading.' }];
  for (const seconds of [8, 10]) await first.write(roundAt(seconds, { failedGroups }));
  await first.write(roundAt(12, { failure: 'No answer.' }));

  expect(
    await rows(`select rounds, extract(epoch from again_began_at - began_at)::int as span, failure,
      cardinality(failed_groups) as failed, reasons from watch_round order by id`),
  ).toEqual([
    { rounds: 4, span: 6, failure: null, failed: 0, reasons: {} },
    { rounds: 2, span: 2, failure: null, failed: 1, reasons: { 'Loading.': 1 } },
    { rounds: 1, span: 0, failure: 'No answer.', failed: 0, reasons: {} },
  ]);

  // The leader is killed: PostgreSQL ends its connection, and with it the lock.
  await store.pool.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7206 and objid = $1
      and database = (select oid from pg_database where datname = current_database())`,
    [store.clusterId],
  );
  await expect(first.write(roundAt(14))).rejects.toThrow();
  await expect(first.write(roundAt(14))).rejects.toMatchObject({ code: 'not_watch_leader' });
  // PostgreSQL tells the client that it ends before the lock is free.
  const state = await until('the lock to be free', () => second.acquire('test'));
  expect(state.groups).toEqual([
    group('g'),
    group(odd, { undescribable: 'Why.', state: null, memberCount: null, members: [] }),
  ]);
  expect(state.offsets).toMatchObject([
    // The newest round read nothing: the last that read everything stands.
    { group: 'g', partition: 0, committed: 5n, goodAt: NOON + 6000 },
    { group: odd, committed: 1n, goodAt: NOON + 6000 },
  ]);
  expect([state.cleanAt, state.marks]).toEqual([NOON + 6000, [mark]]);
  expect(await first.acquire('test')).toBe(null);

  await second.write(roundAt(16, { committed: [committed('g', 5n, 3n, 6)] }));
  expect(
    await rows(`select was, committed, extract(epoch from changed_at - after_at)::float as span
      from committed_change c join consumer_group g on g.id = c.group_id and g.label = 'g' order by round_id`),
  ).toEqual([
    { was: null, committed: '5', span: null },
    { was: '5', committed: '3', span: 10.05 },
  ]);
  expect(await rows('select committed, foreign_offset from committed_offset order by group_id limit 1')).toEqual([
    { committed: '3', foreign_offset: null },
  ]);
});

test('a group that is gone keeps its row, and is the same when it comes back', async () => {
  const leader = open();
  await leader.acquire('test');
  await leader.write(roundAt(20, { goneGroups: ['g'], committed: [committed('g', 3n, null, 16)] }));
  expect(await rows(`select gone_at is not null as gone, state from consumer_group where label = 'g'`)).toEqual([
    { gone: true, state: null },
  ]);
  expect((await leader.acquire('test'))?.groups.map((known) => known.group)).not.toContain('g');
  await leader.write(roundAt(22, { groups: [group('g')], committed: [committed('g', null, 1n, 20)] }));
  expect(await rows(`select gone_at, state from consumer_group where label = 'g'`)).toEqual([
    { gone_at: null, state: 'Stable' },
  ]);
});

test('an offset of a former life is kept apart and makes no history', async () => {
  const leader = open();
  await leader.acquire('test');
  const before = await rows('select count(*)::int as n from committed_change');
  await leader.write(
    roundAt(24, { groups: [group('h')], committed: [{ ...committed('h', null, null, null), foreign: 90n }] }),
  );
  expect(await rows('select count(*)::int as n from committed_change')).toEqual(before);
  const state = await leader.acquire('test');
  expect(state?.offsets.find((offset) => offset.group === 'h')).toMatchObject({ committed: null, foreign: 90n });
});

test('a round in which a broker did not list its groups says so, and has not read everything', async () => {
  const leader = open();
  await leader.acquire('test');
  await leader.write(roundAt(26));
  await leader.write(roundAt(28, { unlisted: 'Broker 2 does not answer.' }));
  expect(await rows('select reasons from watch_round order by id desc limit 1')).toEqual([
    { reasons: { 'Broker 2 does not answer.': 1 } },
  ]);
  expect((await leader.acquire('test'))?.cleanAt).toBe(NOON + 26_000);
});

test('days are made as they come, and can be made by two at once', async () => {
  const leader = open();
  await leader.acquire('test');
  await leader.write(roundAt(86_400 * 3));
  await Promise.all([1, 2, 3].map(() => store.pool.query(`select ensure_stored_day('2026-03-10')`)));
  const days = await rows(
    `select relid::text as day from pg_partition_tree('committed_change') where isleaf order by 1`,
  );
  expect(days.map((row) => row.day)).toEqual(
    expect.arrayContaining(['committed_change_20260301', 'committed_change_20260304', 'committed_change_20260305']),
  );
});
