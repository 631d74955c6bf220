import { expect, test } from 'vitest';
import { ByteWriter } from '../wire/kafka-bytes.ts';
import { metadataRequest } from '../wire/metadata-request.ts';
import { discoverTopics } from './discover-topics.ts';

interface Told {
  readonly topic: string;
  readonly errorCode?: number;
  readonly leaders?: readonly number[];
}

/** Metadata as a broker writes it in version 5, which has no topic ids; decoded by our own decoder. */
function metadataBytes(topics: readonly Told[]): Buffer {
  const body = new ByteWriter().int32(0);
  body.array([1], false, (id) => body.int32(id).string('host').int32(9092).int16(-1));
  body.string('cluster').int32(1);
  body.array(topics, false, ({ topic, errorCode = 0, leaders = [] }) => {
    body.int16(errorCode).string(topic).int8(0);
    body.array([...leaders.entries()], false, ([partition, leader]) => {
      body
        .int16(leader < 0 ? 5 : 0)
        .int32(partition)
        .int32(leader);
      for (let list = 0; list < 3; list += 1) body.int32(0);
    });
  });
  return body.toBuffer();
}

function discover(topics: readonly Told[], choice = {}) {
  const { decode } = metadataRequest(5);
  const connection = {
    maxVersion: () => 5,
    send: async <T>() => decode(metadataBytes(topics)) as T,
  };
  return discoverTopics(connection, choice);
}

test('topics that are denied, deleted or without a leader are named, and the others are as they were', async () => {
  const found = await discover([
    { topic: 'fine', leaders: [1, 1] },
    { topic: 'denied', errorCode: 29 },
    { topic: 'going', errorCode: 3 },
    { topic: 'partly', leaders: [1, -1, 1] },
    { topic: 'also-fine', leaders: [1] },
  ]);
  expect(found.topics.map(({ topic, partitions }) => [topic, partitions])).toEqual([
    ['fine', 2],
    ['partly', 3],
    ['also-fine', 1],
  ]);
  expect(found.unreadable).toEqual([
    {
      topic: 'denied',
      reason: 'The tap may not read this topic: it needs the ACL operations Describe and Read on it.',
    },
    { topic: 'going', reason: 'The topic is being created or deleted.' },
    { topic: 'partly', reason: 'No broker leads partition 1.' },
  ]);
  expect([found.leaderOf('partly/0'), found.leaderOf('partly/1'), found.leaderOf('fine/1')]).toEqual([1, null, 1]);
});

test('topics are chosen by patterns, and Kafka’s own never', async () => {
  const told = ['orders', 'orders-dlq', 'other', '__consumer_offsets'].map((topic) => ({ topic, leaders: [1] }));
  const names = async (choice: object) => (await discover(told, choice)).topics.map(({ topic }) => topic);
  expect(await names({})).toEqual(['orders', 'orders-dlq', 'other']);
  expect(await names({ include: [/^orders/], exclude: [/-dlq$/] })).toEqual(['orders']);
});
