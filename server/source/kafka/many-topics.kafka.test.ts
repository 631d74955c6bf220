import { expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { createMemorySink } from '../memory-sink.test-support.ts';
import { createTestTopics } from './kafka.test-support.ts';

const { administer, createTopic, createTopics, kafka, numbered, send, sourceOf, uniquePrefix, untilValues } =
  createTestTopics();

/** Creates topics of 2 partitions, 50 in a request, and sends one record to each. */
async function makeTopics(names: readonly string[]): Promise<void> {
  const producer = kafka().producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (let from = 0; from < names.length; from += 50) {
    const some = names.slice(from, from + 50);
    await createTopics(some.map((topic) => ({ topic, numPartitions: 2 })));
    const topicMessages = some.map((topic) => ({ topic, messages: [{ value: topic, partition: 1 }] }));
    await until('the sends', async () => {
      await producer.sendBatch({ topicMessages });
      return true;
    });
  }
  await producer.disconnect();
}

test('hundreds of topics are all read, also while some are deleted and others appear', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  const names = Array.from({ length: 220 }, (_, index) => `${prefix}-${index}`);
  await makeTopics(names);
  await sourceOf(prefix).start(sink);
  const allRead = (wanted: readonly string[]) => async (): Promise<boolean> =>
    wanted.every((topic) => sink.values(topic).includes(topic));
  await until('a record of each topic', allRead(names), { timeoutMs: 90_000 });
  const [gone, kept] = [names.slice(0, 20), names.slice(20)];
  const fresh = Array.from({ length: 20 }, (_, index) => `${prefix}-fresh-${index}`);
  await administer((admin) => admin.deleteTopics({ topics: [...gone] }));
  await makeTopics(fresh);
  await until('a record of each new topic', allRead(fresh), { timeoutMs: 90_000 });
  for (const topic of [kept[0] ?? '', kept.at(-1) ?? '']) {
    await send({ topic, messages: numbered(5) });
    await until('the records after the deletion', async () => sink.values(topic).includes('v4'));
  }
  expect(sink.violations).toEqual([]);
  expect(sink.holes).toEqual([]);
  expect(new Set(sink.connections.map(({ connected }) => connected))).toEqual(new Set([true]));
});

test('a first start that dies before it has begun anything is not forgotten: the next one begins where it would have', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix, 2);
  await send({ topic: prefix, messages: numbered(3).map((message) => ({ ...message, partition: 0 })) });
  let asked = 0;
  const dying = {
    ...sink,
    begin: () => {
      asked += 1;
      return Promise.reject(new Error('the database is away'));
    },
  };
  const first = sourceOf(prefix, { start: { kind: 'end' } });
  await first.start(dying);
  await until('the first start to try', async () => asked > 0);
  await first.stop();
  expect(sink.begun).toEqual([]);
  await createTopic(`${prefix}-later`);
  await send({ topic: `${prefix}-later`, messages: numbered(2) });
  await sourceOf(prefix, { start: { kind: 'end' } }).start(sink);
  await untilValues(sink, `${prefix}-later`, 2);
  await until('both partitions to be begun', async () => sink.positionOf(prefix, 1) !== null);
  expect([sink.positionOf(prefix, 0), sink.positionOf(prefix, 1)]).toEqual([3n, 0n]);
  expect(sink.all(prefix)).toEqual([]);
});

test('taps that start at the same moment begin each partition once, by the start rule', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix, 6);
  const messages = Array.from({ length: 6 }, (_, partition) => numbered(4).map((one) => ({ ...one, partition })));
  await send({ topic: prefix, messages: messages.flat() });
  const ends = new Map<number, bigint>();
  for (const { partition, high } of await administer((admin) => admin.fetchTopicOffsets(prefix))) {
    ends.set(partition, BigInt(high));
  }
  const sources = [1, 2, 3].map(() => sourceOf(prefix, { start: { kind: 'end' } }));
  await Promise.all(sources.map((source) => source.start(sink)));
  await until('all partitions to be begun', async () => sink.begun.length === 6);
  await send({ topic: prefix, messages: messages.flat() });
  await untilValues(sink, prefix, 24);
  for (const { partition, nextOffset, backfillEnd } of sink.begun) {
    expect([nextOffset, backfillEnd]).toEqual([ends.get(partition), ends.get(partition)]);
  }
  expect(sink.all(prefix)).toHaveLength(24);
  expect(sink.violations).toEqual([]);
});

test('a claim that Kafka itself calls current is made good, though a later one stands from another life of the group', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  await send({ topic: prefix, messages: numbered(3) });
  const former = sourceOf(prefix, { groupId: `${prefix}-former` });
  await former.start(sink);
  await untilValues(sink, prefix, 3);
  await former.stop();
  const place = { incarnationId: sink.begun[0]?.incarnationId ?? 0, topic: prefix, partition: 0 };
  await sink.claim([place], { generation: 900, confirmed: true });
  await sourceOf(prefix, { groupId: `${prefix}-latter` }).start(sink);
  await send({ topic: prefix, messages: numbered(3, 3) });
  await untilValues(sink, prefix, 6);
  expect(sink.ownerOf(prefix, 0)).toBeLessThan(900);
});
