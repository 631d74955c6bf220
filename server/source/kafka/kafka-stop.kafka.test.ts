import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { createMemorySink, type MemorySink } from '../memory-sink.test-support.ts';
import { createTestTopics } from './kafka.test-support.ts';

const { administer, createTopic, numbered, send, sourceOf, uniquePrefix, untilValues } = createTestTopics();

/** Holds the first delivery back until it is let through. */
function heldBack(sink: MemorySink): { inHand(): boolean; release(): void } {
  const deliver = sink.deliver;
  let release = (): void => undefined;
  let held = false;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  sink.deliver = async (batch) => {
    held = true;
    await gate;
    return deliver(batch);
  };
  return { inHand: () => held, release: () => release() };
}

async function membersOf(groupId: string): Promise<number> {
  const { groups } = await administer((admin) => admin.describeGroups([groupId]));
  return groups[0]?.members.length ?? 0;
}

test('a stop waits for the delivery in hand, tells Kafka its position and leaves the group', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await createTopic(prefix);
  await send({ topic: prefix, messages: numbered(7) });
  const delivery = heldBack(sink);
  const source = sourceOf(prefix);
  await source.start(sink);
  await until('a delivery in hand', async () => delivery.inHand());
  let stopped = false;
  const stopping = source.stop().then(() => {
    stopped = true;
  });
  // Longer than a delivery takes on a good day: a stop that gives up on it by then would end the pool under it.
  await wait(4_000);
  expect(stopped).toBe(false);
  delivery.release();
  await stopping;
  expect(sink.all(prefix)).toHaveLength(7);
  const [committed] = await administer((admin) => admin.fetchOffsets({ groupId: prefix, topics: [prefix] }));
  expect(committed?.partitions[0]?.offset).toBe('7');
  expect(await membersOf(prefix)).toBe(0);
});

test('a tap that hangs in a delivery while the group is shared out anew is left behind, and comes back', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  const slow = { ...sink };
  await createTopic(prefix, 2);
  for (const partition of [0, 1]) {
    await send({ topic: prefix, messages: numbered(20).map((message) => ({ ...message, partition })) });
  }
  const delivery = heldBack(slow);
  await sourceOf(prefix).start(slow);
  await until('a delivery in hand', async () => delivery.inHand());
  await sourceOf(prefix).start(sink);
  await untilValues(sink, prefix, 40);
  delivery.release();
  await until('both in the group', async () => (await membersOf(prefix)) === 2);
  for (const partition of [0, 1]) {
    await send({ topic: prefix, messages: numbered(20, 20).map((message) => ({ ...message, partition })) });
  }
  await untilValues(sink, prefix, 80);
  expect(sink.violations).toEqual([]);
  expect(
    new Set(
      sink
        .stored(prefix)
        .get(0)
        ?.map(({ offset }) => offset),
    ).size,
  ).toBe(40);
  expect(
    new Set(
      sink
        .stored(prefix)
        .get(1)
        ?.map(({ offset }) => offset),
    ).size,
  ).toBe(40);
});

test('the list of unreadable topics that another life left behind is replaced, also by an empty one', async () => {
  const prefix = uniquePrefix();
  const sink = createMemorySink();
  await sink.unreadable([{ topic: 'long-gone', reason: 'It could not be read then.' }]);
  await createTopic(prefix);
  await sourceOf(prefix).start(sink);
  await until('the list', async () => sink.troubles.length === 0);
});
