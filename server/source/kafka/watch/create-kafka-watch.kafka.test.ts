import { afterAll, beforeAll, expect, test } from 'vitest';
import { testBrokers } from '../../../../e2e/support/test-kafka.ts';
import { until } from '../../../../e2e/support/until.ts';
import { millis } from '../../../model/time.ts';
import type { ClusterWatch, SeenGroup } from '../../../ports/cluster-watch.ts';
import { connectKafka, type KafkaConnection } from '../connection/kafka-connection.ts';
import { createTestTopics } from '../kafka.test-support.ts';
import { createKafkaWatch } from './create-kafka-watch.ts';
import { commitOffsets, coordinatorReady, joinNewProtocol } from './raw-group.test-support.ts';

const { administer, createTopic, kafka, numbered, send, uniquePrefix } = createTestTopics();
const prefix = uniquePrefix();
const life = new AbortController();
let watch: ClusterWatch;
let broker: KafkaConnection;

beforeAll(async () => {
  const [host = '', port = ''] = testBrokers().split(':');
  broker = await connectKafka(host, Number(port), { clientId: prefix }, life.signal);
  await coordinatorReady(broker);
  watch = createKafkaWatch({ brokers: [testBrokers()], clientId: prefix, clock: { now: () => millis(Date.now()) } });
});
afterAll(() => {
  watch.close();
  life.abort();
});

const look = (topics: readonly string[], groups: readonly string[] = []) =>
  watch.look({ topics: new Set(topics), groups: groups.map((group) => ({ group, type: null })) });

const groupOf = async (group: string, known: readonly string[] = []): Promise<SeenGroup | undefined> =>
  (await look([], known)).groups.find((seen) => seen.group === group);

test('a classic group is seen with state, members and what it committed; watermarks beside it', async () => {
  const [topic, group] = [`${prefix}-orders`, `${prefix}-classic`];
  await createTopic(topic, 2);
  await send({ topic, messages: numbered(7).map((message) => ({ ...message, partition: 1 })) });
  const consumer = kafka().consumer({ groupId: group, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let read = 0;
  await consumer.run({
    autoCommit: false,
    eachMessage: async () => {
      read += 1;
    },
  });
  await until('the records to be read', async () => read >= 7);
  await consumer.commitOffsets([{ topic, partition: 1, offset: '5' }]);
  const seen = await until('the group to be described', async () => {
    const found = await groupOf(group);
    return found?.facts?.memberCount === 1 ? found : null;
  });
  expect(seen).toMatchObject({
    presence: 'here',
    trouble: null,
    offsets: [{ topic, partition: 1, offset: 5n }],
    facts: { type: 'classic', protocolType: 'consumer', state: 'Stable', undescribable: null },
  });
  expect(seen.facts?.members).toEqual([{ clientId: 'kafkajs', host: '/127.0.0.1', instanceId: null }]);
  const { topics } = await look([topic]);
  expect(topics).toMatchObject([{ topic, trouble: null }]);
  expect(topics[0]?.topicId).toMatch(/^[0-9a-f-]{36}$/);
  expect([...(topics[0]?.partitions ?? [])].sort((a, b) => a.partition - b.partition)).toEqual([
    { partition: 0, low: 0n, high: 0n },
    { partition: 1, low: 0n, high: 7n },
  ]);
  await consumer.disconnect();
  expect(
    await until('the group to be empty', async () => {
      const found = await groupOf(group);
      return found?.facts?.state === 'Empty' ? found : null;
    }),
  ).toMatchObject({ facts: { memberCount: 0, members: [] }, offsets: [{ offset: 5n }] });
});

test('a group of the new protocol is described, never dead', async () => {
  const [topic, group] = [`${prefix}-new`, `${prefix}-kip848`];
  await createTopic(topic);
  await send({ topic, messages: numbered(3) });
  const member = await joinNewProtocol(broker, group, [topic]);
  await member.commit(topic, 0, 2n);
  expect(await groupOf(group)).toMatchObject({
    presence: 'here',
    offsets: [{ topic, partition: 0, offset: 2n }],
    facts: { type: 'consumer', undescribable: null, memberCount: 1, members: [{ clientId: prefix }] },
  });
  await member.leave();
  const left = await groupOf(group, [group]);
  expect(left).toMatchObject({ presence: 'here', facts: { state: 'Empty', memberCount: 0 } });
});

test('a group that is deleted is gone, one that never was too', async () => {
  const [topic, group] = [`${prefix}-deleted`, `${prefix}-deleted-group`];
  await createTopic(topic);
  await commitOffsets(broker, group, [{ topic, partition: 0, offset: 0n }]);
  expect(await groupOf(group)).toMatchObject({ presence: 'here', offsets: [{ topic, partition: 0, offset: 0n }] });
  await administer((admin) => admin.deleteGroups([group]));
  expect(await groupOf(group, [group])).toMatchObject({ presence: 'gone', facts: null, offsets: null });
  expect(await groupOf(`${prefix}-never`, [`${prefix}-never`])).toMatchObject({ presence: 'gone' });
});

test('a topic that is created anew has another id, and one that is not wanted is not looked at', async () => {
  const topic = `${prefix}-anew`;
  await createTopic(topic);
  const first = await until('the topic', async () => (await look([topic])).topics[0]?.topicId);
  await administer((admin) => admin.deleteTopics({ topics: [topic] }));
  await until('the topic to be gone', async () => (await look([topic])).topics.length === 0);
  await createTopic(topic);
  const second = await until('the topic anew', async () => (await look([topic])).topics[0]?.topicId);
  expect(second).not.toBe(first);
  const wanted = await look([topic]);
  expect(wanted.topics.map((seen) => seen.topic)).toEqual([topic]);
});

test('a cluster that is away is named', async () => {
  const clock = { now: () => millis(Date.now()) };
  const away = createKafkaWatch({ brokers: ['127.0.0.1:1'], clientId: prefix, clock });
  await expect(away.identify()).rejects.toMatchObject({
    code: 'cluster_away',
    message: 'No answer from 127.0.0.1:1 (connection refused).',
  });
});

test('a few hundred groups cost a few requests', async () => {
  const topic = `${prefix}-many`;
  await createTopic(topic);
  const groups = Array.from({ length: 150 }, (_, index) => `${prefix}-many-${index}`);
  await Promise.all(groups.map((group) => commitOffsets(broker, group, [{ topic, partition: 0, offset: 0n }])));
  await look([topic]);
  const again = await look([topic], groups);
  const seen = new Map(again.groups.map((group) => [group.group, group]));
  for (const group of groups) expect(seen.get(group)).toMatchObject({ presence: 'here', offsets: [{ offset: 0n }] });
  expect(again.requests).toBeLessThan(10);
});
