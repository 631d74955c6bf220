import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { COMPONENTS } from '../../api/openapi/components.ts';
import type { HopSplitWire } from '../../model/hop-split-wire.ts';
import { micros, millis } from '../../model/time.ts';
import type { TopicPartition } from '../../ports/source.ts';
import type { CommittedChange, KnownGroup, WatchRound, WatchStore } from '../../ports/watch-store.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { createWatchStore } from '../watch/watch-store.ts';

let store: TestStore;
let leader: WatchStore;
/** Every test has its own topics: what groups have committed on one does not show on another. */
let orders: TopicPartition;
let parcels: TopicPartition;
let tests = 0;
beforeAll(async () => {
  store = await openStore();
  leader = createWatchStore({ pool: store.pool, workspaceId: 1, ownGroup: 'depot-tap' });
});
afterAll(() => store.close());
beforeEach(async () => {
  tests += 1;
  orders = await store.topic(`orders-${tests}`);
  parcels = await store.topic(`parcels-${tests}`);
  await leader.acquire('test');
});
afterEach(() => leader.release());

const second = (seconds: number) => millis(NOON / 1000 + seconds * 1000);

/** A look at the groups that begins and ends at these seconds after noon. */
function look(began: number, ended: number, committed: readonly CommittedChange[], change: Partial<WatchRound> = {}) {
  const groups = [...new Set(committed.map(({ group }) => group))].map(
    (group): KnownGroup => ({
      ...{ group, type: 'classic', protocolType: 'consumer', state: 'Stable', undescribable: null, trouble: null },
      ...{ memberCount: 1, members: [] },
    }),
  );
  return leader.write({
    ...{ beganAt: second(began), endedAt: second(ended), failure: null, failedGroups: [], failedTopics: [], groups },
    ...{ goneGroups: [], committed, marks: [], markHistory: [], groupCount: groups.length, requests: 4 },
    ...change,
  });
}

/** `after`: when the look began that still saw the group where it was. */
function move(group: string, was: bigint | null, offset: bigint | null, after: number | null): CommittedChange {
  const afterAt = after === null ? null : second(after);
  return { group, incarnationId: orders.incarnationId, partition: 0, was, offset, foreign: null, afterAt };
}

/** A parcel of the depot 1.8 s after its order, which occurred a second after noon, and how its hop is split. */
async function splitOf(
  sketch: { hop?: number; service?: string | null; cause?: string; correlation?: string } = {},
): Promise<HopSplitWire | null> {
  const { hop = 1.8, service = 'depot', cause = `order-${tests}`, correlation = `trip-${tests}` } = sketch;
  const at = (seconds: number) => micros(NOON + seconds * 1e6);
  const order = { id: `order-${tests}`, correlation: `trip-${tests}`, at: at(1) };
  await store.ingest.storeBatch(batchOf(orders, [eventOf(orders, 0n, order)]));
  const parcel = { type: 'parcel.sent', correlation, cause, service, at: at(1 + hop) };
  await store.ingest.storeBatch(batchOf(parcels, [eventOf(parcels, 0n, parcel)]));
  await store.settleAll();
  return splitOfEvent(`test/${parcels.topic}~1/0/0`);
}

async function splitOfEvent(id: string): Promise<HopSplitWire | null> {
  return COMPONENTS.EventDetail.parse(await store.reads.event(id)).hop_split;
}

test('a hop is split where the group of the service had committed behind the cause, as far as two looks tell', async () => {
  await look(0, 0.1, [move('depot-consumer', null, 0n, null), move('audit', null, 0n, null)]);
  await look(2.2, 2.5, [move('depot-consumer', 0n, 1n, 2.1)]);
  expect(await splitOf()).toEqual({
    ...{ state: 'split', group: 'depot-consumer', resolution_ms: 400, commit: 'before_effect' },
    ...{ until_commit: { from_ms: 1100, to_ms: 1500 }, after_commit: { from_ms: 300, to_ms: 700 } },
  });
  expect(await splitOfEvent(`test/${orders.topic}~1/0/0`)).toBe(null);
});

test('it counts when the group first was behind the cause, also when it is set back, or gone', async () => {
  await look(0, 0.1, [move('depot-consumer', null, 0n, null)]);
  await look(2.2, 2.5, [move('depot-consumer', 0n, 1n, 2.1)]);
  await look(4, 4.1, [move('depot-consumer', 1n, 0n, 2.2)]);
  await look(6, 6.1, [move('depot-consumer', 0n, 1n, 4)]);
  await look(8, 8.1, [move('depot-consumer', 1n, null, 6)], { groups: [], goneGroups: ['depot-consumer'] });
  expect(await splitOf()).toMatchObject({ state: 'split', until_commit: { from_ms: 1100, to_ms: 1500 } });
});

test('a commit after the effect is told as such', async () => {
  await look(0, 0.1, [move('depot-consumer', null, 0n, null)]);
  await look(3.5, 3.6, [move('depot-consumer', 0n, 1n, 3)]);
  expect(await splitOf()).toMatchObject({
    ...{ state: 'split', commit: 'after_effect', resolution_ms: 600 },
    ...{ until_commit: { from_ms: 1800, to_ms: 1800 }, after_commit: { from_ms: 0, to_ms: 0 } },
  });
});

test('a group of the service with a longer name that fits, and the tap’s own, are not the service’s', async () => {
  await look(0, 0.1, [move('depot-north-consumer', null, 0n, null), move('depot-tap', null, 0n, null)]);
  await look(2.2, 2.5, [move('depot-north-consumer', 0n, 1n, 2.1), move('depot-tap', 0n, 1n, 2.1)]);
  const other = await store.topic('north');
  await store.ingest.storeBatch(batchOf(other, [eventOf(other, 0n, { service: 'depot-north' })]));
  expect(await splitOf()).toMatchObject({ state: 'unknown', reason: 'no_group', groups: [] });
});

test('a group that is declared to be of the service splits its hops, and one declared to be of another does not', async () => {
  await look(0, 0.1, [move('g-17', null, 0n, null), move('depot-consumer', null, 0n, null)]);
  await look(2.2, 2.5, [move('g-17', 0n, 1n, 2.1), move('depot-consumer', 0n, 1n, 2.1)]);
  expect(await splitOf()).toMatchObject({ state: 'split', group: 'depot-consumer' });
  const declared = [
    { group: '^g-', service: 'depot' },
    { group: 'depot-consumer', service: 'audit' },
  ];
  const event = await store.freshReads(undefined, declared).event(`test/${parcels.topic}~1/0/0`);
  expect(event?.hop_split).toMatchObject({ state: 'split', group: 'g-17' });
});

test('several groups of the service are named, and none is chosen', async () => {
  await look(0, 0.1, [move('depot-consumer', null, 0n, null), move('dev.depot.pack.v1', null, 0n, null)]);
  await look(2.2, 2.5, [move('depot-consumer', 0n, 1n, 2.1)]);
  expect(await splitOf()).toMatchObject({
    ...{ state: 'unknown', reason: 'several_groups', groups: ['depot-consumer', 'dev.depot.pack.v1'] },
  });
});

test.each([
  ['nothing committed on the partition', 'never_committed', [{ foreign: null, partition: 1 }]],
  ['an offset of a former life', 'commits_unread', [{ foreign: 9n, offset: null }]],
] as const)('a group with %s splits no hop', async (_name, reason, [change]) => {
  await look(0, 0.1, [{ ...move('depot-consumer', null, 0n, null), ...change }]);
  expect(await splitOf()).toMatchObject({ state: 'unknown', reason, groups: ['depot-consumer'] });
});

test('a group that is not behind the cause yet splits no hop', async () => {
  await look(0, 0.1, [move('depot-consumer', null, 0n, null)]);
  expect(await splitOf()).toMatchObject({ state: 'unknown', reason: 'not_committed' });
});

test('a group that was first looked at after the effect splits no hop', async () => {
  await look(9, 9.1, [move('depot-consumer', null, 1n, null)]);
  expect(await splitOf()).toMatchObject({ state: 'unknown', reason: 'not_watched', resolution_ms: null });
});

test('a hop between two looks is too short', async () => {
  await look(0, 0.1, [move('depot-consumer', null, 0n, null)]);
  await look(2.2, 2.5, [move('depot-consumer', 0n, 1n, 0)]);
  expect(await splitOf({ hop: 0.02 })).toMatchObject({ state: 'unknown', reason: 'too_coarse', resolution_ms: 2500 });
});

test.each([
  ['no service', { service: null }, 'no_service'],
  ['an effect before its cause', { hop: -0.5 }, 'clock_skew'],
  ['a cause that is not stored', { cause: 'never', correlation: 'a trip of its own' }, 'cause_not_stored'],
  ['no groups', {}, 'no_group'],
] as const)('of a hop with %s that is said', async (_name, sketch, reason) => {
  expect(await splitOf(sketch)).toMatchObject({ state: 'unknown', reason, groups: [] });
});
