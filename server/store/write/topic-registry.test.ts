import { expect, it } from 'vitest';
import type { DiscoveredTopic } from '../../ports/source.ts';
import { createTopicRegistry } from './topic-registry.ts';

const ORDERS: DiscoveredTopic = { topic: 'orders', topicId: 'a', partitions: 3 };

function counted() {
  const now = { ms: 0 };
  let asked = 0;
  const registry = createTopicRegistry(
    async (_cluster, topics) => {
      asked += 1;
      return topics.map((topic, index) => ({ ...topic, incarnationId: index, n: 1, firstStart: null }));
    },
    () => now.ms,
  );
  return { registry, now, asked: () => asked };
}

it('asks the database once while the topics are as they were, and again after a minute', async () => {
  const { registry, now, asked } = counted();
  const first = await registry(1, [ORDERS]);
  expect(await registry(1, [{ ...ORDERS }])).toBe(first);
  expect(asked()).toBe(1);
  now.ms = 60_000;
  await registry(1, [ORDERS]);
  expect(asked()).toBe(2);
});

it('asks whenever a topic, its id, its partitions or the cluster is another', async () => {
  const { registry, asked } = counted();
  await registry(1, [ORDERS]);
  for (const topics of [
    [ORDERS, { ...ORDERS, topic: 'more' }],
    [{ ...ORDERS, topicId: 'b' }],
    [{ ...ORDERS, partitions: 4 }],
    [],
  ])
    await registry(1, topics);
  await registry(2, []);
  expect(asked()).toBe(6);
});
