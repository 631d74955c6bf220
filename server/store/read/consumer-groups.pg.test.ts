import { afterAll, beforeAll, expect, test } from 'vitest';
import { COMPONENTS } from '../../api/openapi/components.ts';
import { millis } from '../../model/time.ts';
import { BadCursorError } from '../../ports/reads.ts';
import type { TopicPartition } from '../../ports/source.ts';
import type { CommittedChange, KnownGroup, MarkChange, WatchRound, WatchStore } from '../../ports/watch-store.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { createWatchStore } from '../watch/watch-store.ts';

let store: TestStore;
let leader: WatchStore;
let orders: TopicPartition;
let parcels: TopicPartition;

beforeAll(async () => {
  store = await openStore();
  orders = await store.topic('orders');
  parcels = await store.topic('parcels');
  leader = createWatchStore({ pool: store.pool, workspaceId: 1, ownGroup: 'tap' });
  await leader.acquire('test');
  // A first look finds groups that were there before; then two that see them move, and one that could not read `slow`.
  await write(0, {
    groups: ['fast', 'slow', 'tap', 'idle'].map((name) => group(name)),
    committed: [move('fast', null, 4n, null), move('slow', null, 0n, null), move('tap', null, 0n, null)],
    ...marks(mark(0, 4n, null, null)),
  });
  await write(2, {
    groups: [group('new', { type: 'consumer', state: null, undescribable: 'KIP-848.', memberCount: null })],
    committed: [move('fast', 4n, 6n, 0), { ...move('new', null, null, 0), foreign: 90n }],
    ...marks(mark(2, 8n, 4n, 0)),
  });
  await write(4, {});
  await write(6, {
    committed: [move('fast', 6n, 8n, 4), move('fast', null, 1n, 4, parcels), move('slow', 0n, 3n, 4)],
    ...marks({ ...mark(6, 10n, 8n, 4) }),
  });
  await write(8, {
    groups: [group('slow', { trouble: 'Loading.' })],
    failedGroups: [{ group: 'slow', why: 'Loading.' }],
    committed: [move('fast', 8n, 2n, 6)],
  });
});
afterAll(async () => {
  await leader.release();
  await store.close();
});

function at(seconds: number) {
  return millis(NOON / 1000 + seconds * 1000);
}

function write(seconds: number, change: Partial<WatchRound>): Promise<void> {
  return leader.write({
    ...{ beganAt: at(seconds), endedAt: at(seconds + 0.5), failure: null, failedGroups: [], failedTopics: [] },
    ...{ groups: [], goneGroups: [], committed: [], marks: [], markHistory: [], groupCount: 5, requests: 4 },
    ...change,
  });
}

function group(name: string, change: Partial<KnownGroup> = {}): KnownGroup {
  return {
    ...{ group: name, type: 'classic', protocolType: 'consumer', state: 'Stable', undescribable: null, trouble: null },
    ...{ memberCount: 0, members: [] },
    ...change,
  };
}

function move(
  name: string,
  was: bigint | null,
  offset: bigint | null,
  after: number | null,
  place = orders,
): CommittedChange {
  const afterAt = after === null ? null : at(after);
  const { incarnationId } = place;
  return { group: name, incarnationId, partition: 0, was, offset, foreign: null, afterAt };
}

function mark(seconds: number, high: bigint, wasHigh: bigint | null, wasSeconds: number | null): MarkChange {
  const wasAt = wasSeconds === null ? null : at(wasSeconds);
  return { incarnationId: orders.incarnationId, partition: 0, low: 0n, high, at: at(seconds), wasHigh, wasAt };
}

function marks(change: MarkChange): Pick<WatchRound, 'marks' | 'markHistory'> {
  return { marks: [change], markHistory: [change] };
}

const list = async (change: object = {}) =>
  COMPONENTS.ConsumerGroupList.parse(
    await store.reads.consumerGroups({ includePartitions: true, limit: 50, ...change }),
  );

test('groups are listed by name with their lag in records and seconds', async () => {
  const { groups, next_cursor, watch } = await list();
  expect(groups.map(({ group: name, lag, lag_s }) => [name, lag, lag_s])).toEqual([
    // Of ten the first unread is 2: it was there when first looked at, 8.5 s before the newest look.
    ['fast', '8', 8.5],
    ['idle', null, null],
    ['new', null, null],
    // 3 is one of the first four, too.
    ['slow', '7', 8.5],
    ['tap', '10', 8.5],
  ]);
  expect(next_cursor).toBe(null);
  expect(watch).toEqual({
    sampled_at: '2026-03-01T12:00:08.500000Z',
    ...{ resolution_s: 2, failure: null, failed: [{ reason: 'Loading.', count: 1 }], group_count: 5 },
  });
  const [fast, , fresh, slow, tap] = groups;
  expect(fast?.topics).toMatchObject([
    {
      ...{ topic: 'orders', n: 1, lag: '8', lag_s_within: null, partition_count: 1, unknown_count: 0 },
      partitions: [
        {
          ...{ partition: 0, committed: '2', low: '0', high: '10', lag: '8', foreign: null },
          ...{ changed_after: '2026-03-01T12:00:06.000000Z', changed_before: '2026-03-01T12:00:08.500000Z' },
        },
      ],
    },
    // The end of this one was never looked at.
    {
      topic: 'parcels',
      lag: null,
      lag_s: null,
      unknown_count: 1,
      partitions: [{ committed: '1', high: null, lag: null }],
    },
  ]);
  expect(fresh).toMatchObject({
    state: null,
    undescribable: 'KIP-848.',
    topics: [{ partitions: [{ foreign: '90', lag: null }] }],
  });
  expect([slow?.trouble, tap?.own, fast?.own]).toEqual(['Loading.', true, false]);
});

test('groups are found by topic, and come in pages', async () => {
  expect((await list({ topic: 'parcels' })).groups.map((each) => [each.group, each.topics.length])).toEqual([
    ['fast', 1],
  ]);
  expect((await list({ group: 'slow' })).groups.map((each) => each.group)).toEqual(['slow']);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await list({ limit: 2, ...(cursor !== null && { cursor }) });
    seen.push(...page.groups.map((each) => each.group));
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(seen).toEqual(['fast', 'idle', 'new', 'slow', 'tap']);
  await expect(list({ cursor: 'x' })).rejects.toBeInstanceOf(BadCursorError);
  const folded = await store.reads.consumerGroups({ includePartitions: false, limit: 50 });
  expect(folded.groups[0]?.topics[0]).not.toHaveProperty('partitions');
});

test('each event says which group consumed it and between when', async () => {
  await store.ingest.storeBatch(
    batchOf(
      orders,
      Array.from({ length: 10 }, (_, index) => eventOf(orders, BigInt(index))),
    ),
  );
  const consumptionOf = async (offset: number) => {
    const event = COMPONENTS.EventDetail.parse(await store.reads.event(`test/orders~1/0/${offset}`));
    return Object.fromEntries(event.consumption.map(({ group: name, own: _own, ...told }) => [name, told]));
  };
  const clock = (seconds: number) => `2026-03-01T12:00:0${seconds.toFixed(6)}Z`;
  const former = 'What it committed belongs to a former life of the topic.';

  expect(await consumptionOf(0)).toEqual({
    fast: { state: 'consumed', after: null, before: clock(0.5), set_back: false },
    new: { state: 'unknown', why: former },
    slow: { state: 'consumed', after: clock(4), before: clock(6.5), set_back: false },
    tap: { state: 'not_yet', behind: '1', as_of: clock(8.5) },
  });
  // Passed once, and to be read again since the group was set back.
  expect((await consumptionOf(5)).fast).toEqual({
    state: 'consumed',
    after: clock(0),
    before: clock(2.5),
    set_back: true,
  });
  expect((await consumptionOf(7)).fast).toEqual({
    state: 'consumed',
    after: clock(4),
    before: clock(6.5),
    set_back: true,
  });
  expect((await consumptionOf(9)).fast).toEqual({ state: 'not_yet', behind: '8', as_of: clock(8.5) });
  // The newest look could not read this group: where it stands now is not known.
  expect((await consumptionOf(5)).slow).toEqual({ state: 'unknown', why: 'Loading.' });
});

test('a cluster that is away makes what is not consumed unknown; a group that is gone keeps what it consumed', async () => {
  await write(10, { failure: 'No answer.' });
  const event = await store.reads.event('test/orders~1/0/9');
  expect(event?.consumption.find((told) => told.group === 'tap')).toMatchObject({
    state: 'unknown',
    why: 'No answer.',
  });
  expect((await list()).watch).toMatchObject({ failure: 'No answer.', sampled_at: '2026-03-01T12:00:08.500000Z' });

  await write(12, { goneGroups: ['fast'], committed: [move('fast', 2n, null, 8)] });
  expect((await list()).groups.map((each) => each.group)).not.toContain('fast');
  const [passed, never] = [await store.reads.event('test/orders~1/0/5'), await store.reads.event('test/orders~1/0/9')];
  expect(passed?.consumption.find((told) => told.group === 'fast')).toMatchObject({ state: 'consumed' });
  expect(never?.consumption.find((told) => told.group === 'fast')).toBe(undefined);
});

test('what is not consumed of a topic that the newest looks could not read is told as of the last that did', async () => {
  const asOf = async () => {
    const event = await store.reads.event('test/orders~1/0/9');
    return event?.consumption.find((told) => told.group === 'tap');
  };
  const elsewhere = { incarnationId: parcels.incarnationId, why: 'Partition 0 has no leader.' };
  const here = { ...elsewhere, incarnationId: orders.incarnationId };
  await write(14, { failedTopics: [elsewhere] });
  for (const seconds of [16, 18]) await write(seconds, { failedTopics: [here] });
  expect(await asOf()).toMatchObject({ state: 'not_yet', behind: '10', as_of: '2026-03-01T12:00:14.500000Z' });
  // Another partition of it was read all the same, so what has changed there was seen then.
  await write(20, { failedTopics: [here], committed: [move('tap', 0n, 1n, 14)] });
  expect(await asOf()).toMatchObject({ state: 'not_yet', behind: '9', as_of: '2026-03-01T12:00:20.500000Z' });
  // A look at the topic that could not read the group says nothing of it.
  await write(22, { failedGroups: [{ group: 'tap', why: 'Loading.' }] });
  await write(24, { failedTopics: [here] });
  expect(await asOf()).toMatchObject({ state: 'not_yet', behind: '9', as_of: '2026-03-01T12:00:20.500000Z' });
});

test('the first pass of a group that was set back on the same day is the earliest, not the one to the lowest offset', async () => {
  const chairs = await store.topic('chairs');
  await store.ingest.storeBatch(
    batchOf(
      chairs,
      Array.from({ length: 8 }, (_, index) => eventOf(chairs, BigInt(index))),
    ),
  );
  const minute = 60;
  await write(10 * minute, { committed: [move('idle', null, 5n, null, chairs)] });
  await write(12 * minute, { committed: [move('idle', 5n, 20n, 10 * minute, chairs)] });
  await write(13 * minute, { committed: [move('idle', 20n, 0n, 12 * minute, chairs)] });
  await write(14 * minute, { committed: [move('idle', 0n, 12n, 13 * minute, chairs)] });
  // So it is also when it is passed again on the next day.
  const day = 24 * 60 * minute;
  await write(day, { committed: [move('idle', 12n, 0n, 14 * minute, chairs)] });
  await write(day + minute, { committed: [move('idle', 0n, 8n, day, chairs)] });
  const event = await store.reads.event('test/chairs~1/0/7');
  expect(event?.consumption.find((told) => told.group === 'idle')).toEqual({
    ...{ group: 'idle', own: false, state: 'consumed', set_back: false },
    ...{ after: '2026-03-01T12:10:00.000000Z', before: '2026-03-01T12:12:00.500000Z' },
  });
});
