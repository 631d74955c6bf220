import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TopicPartition } from '../../ports/source.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { createIngestStore } from './ingest-store.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

async function claim(place: TopicPartition, generation: number, confirmed = false): Promise<bigint | null> {
  const [owned] = await store.ingest.claim([place], { generation, confirmed });
  return owned?.owner ?? null;
}

async function eventsOf(place: TopicPartition): Promise<number> {
  const { rows } = await store.pool.query('select from event where incarnation_id = $1', [place.incarnationId]);
  return rows.length;
}

test('a claim answers where partitions stand, all in one statement', async () => {
  const [a, b] = [await store.topic('claim-a'), await store.topic('claim-b')];
  await store.ingest.storeBatch(batchOf(b, [eventOf(b, 0n)]));
  const owned = await store.ingest.claim([b, a], { generation: 3, confirmed: false });
  expect(owned.map(({ topic, nextOffset, owner }) => [topic, nextOffset, owner])).toEqual([
    ['claim-b', 1n, 3n],
    ['claim-a', 0n, 3n],
  ]);
});

test('the tap of an older share-out is refused, whether it brings records or a hole, and nothing is written', async () => {
  const place = await store.topic('older');
  const owner = await claim(place, 5);
  await claim(place, 6);
  expect(await store.ingest.storeBatch({ ...batchOf(place, [eventOf(place, 0n)]), owner })).toEqual({ kind: 'lost' });
  const hole = { ...place, fromOffset: 0n, toOffset: 4n, reason: 'retention' } as const;
  expect(await store.ingest.storeHole(hole, owner)).toEqual({ kind: 'lost' });
  expect(await eventsOf(place)).toBe(0);
  expect(await store.ingest.positions([place])).toMatchObject([{ nextOffset: 0n }]);
});

test('a mark of ownership is never lowered, however late an older claim comes', async () => {
  const place = await store.topic('late-claim');
  const newer = await claim(place, 9);
  expect(await claim(place, 8)).toBeNull();
  expect(await store.ingest.storeBatch({ ...batchOf(place, [eventOf(place, 0n)]), owner: newer })).toEqual({
    kind: 'stored',
  });
});

test('a group that counts anew takes over once the coordinator has confirmed it, and its former self is refused', async () => {
  const place = await store.topic('new-count');
  const former = await claim(place, 57);
  expect(await claim(place, 1)).toBeNull();
  const anew = await claim(place, 1, true);
  expect(anew).toBeGreaterThan(former ?? 0n);
  expect(await claim(place, 2)).toBeGreaterThan(anew ?? 0n);
  expect(await store.ingest.storeBatch({ ...batchOf(place, [eventOf(place, 0n)]), owner: former })).toEqual({
    kind: 'lost',
  });
});

test('two taps that begin and claim the same partitions at the same time do not stop each other', async () => {
  const places = await Promise.all([1, 2, 3].map(async () => store.topic(`both-${randomUUID()}`)));
  const wanted = Array.from({ length: 200 }, (_, partition) => places.map((place) => ({ ...place, partition }))).flat();
  const take = async (from: bigint, order: readonly TopicPartition[]) => {
    await store.ingest.begin(order.map((place) => ({ ...place, nextOffset: from, backfillEnd: 100n })));
    return store.ingest.claim(order, { generation: Number(from), confirmed: true });
  };
  const [first, second] = await Promise.all([take(7n, wanted), take(8n, [...wanted].reverse())]);
  expect(first).toHaveLength(600);
  // Whoever was first began all of them: none has the beginning of the other.
  const begun = new Set(second.filter(({ partition }) => partition > 0).map(({ nextOffset }) => nextOffset));
  expect(begun.size).toBe(1);
});

test('what stood at the first start of a cluster is known for ever, and what appears later is not of it', async () => {
  const clusterId = await store.ingest.registerCluster({ kafkaId: randomUUID(), name: 'New', source: 'kafka' });
  const orders = { topic: 'orders', topicId: randomUUID(), partitions: 2 };
  const other = createIngestStore({ pool: store.pool, workspaceId: 1, writerId: randomUUID() });
  const [first] = await store.ingest.registerTopics(clusterId, [orders]);
  expect(first?.firstStart?.partitions).toBe(2);
  const later = await other.registerTopics(clusterId, [
    { ...orders, partitions: 5 },
    { topic: 'later', topicId: randomUUID(), partitions: 1 },
  ]);
  expect(later.map(({ firstStart }) => firstStart)).toEqual([first?.firstStart, null]);
});

test('a first start that finds no topic is the first start all the same', async () => {
  const clusterId = await store.ingest.registerCluster({ kafkaId: randomUUID(), name: 'Empty', source: 'kafka' });
  await store.ingest.registerTopics(clusterId, []);
  const [topic] = await store.ingest.registerTopics(clusterId, [
    { topic: 'orders', topicId: randomUUID(), partitions: 2 },
  ]);
  expect(topic?.firstStart).toBeNull();
});

test('what taps cannot read is told by each for itself, and a tap that has died has no say', async () => {
  const clusterId = await store.ingest.registerCluster({ kafkaId: randomUUID(), name: 'Three', source: 'kafka' });
  const writers = [randomUUID(), randomUUID()] as const;
  const [one, two] = writers.map((writerId) => createIngestStore({ pool: store.pool, workspaceId: 1, writerId }));
  const listed = async (): Promise<string[]> => {
    const { rows } = await store.pool.query<{ topic: string }>(
      'select topic from incarnation where cluster_id = $1 and unreadable is not null order by topic',
      [clusterId],
    );
    return rows.map(({ topic }) => topic);
  };
  const beat = (writer: string, ago: string) =>
    store.pool.query(
      `insert into process (id, kind, host, pid, started_at, seen_at, state)
       values ($1, 'tap', 'h', 1, now(), now() - $2::interval, '{}')
       on conflict (id) do update set seen_at = excluded.seen_at`,
      [writer, ago],
    );
  await Promise.all(writers.map((writer) => beat(writer, '0 s')));
  await one?.markUnreadable(clusterId, [{ topic: 'a', reason: 'no leader' }]);
  await two?.markUnreadable(clusterId, [{ topic: 'b', reason: 'no ACL' }]);
  expect(await listed()).toEqual(['a', 'b']);
  await two?.markUnreadable(clusterId, []);
  expect(await listed()).toEqual(['a']);
  await beat(writers[0], '2 minutes');
  await two?.markUnreadable(clusterId, [{ topic: 'b', reason: 'no ACL' }]);
  expect(await listed()).toEqual(['b']);
});
