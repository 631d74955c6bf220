import { expect, it } from 'vitest';
import { millis } from '../../../model/time.ts';
import type { FoundOffset } from '../wire/list-offsets-request.ts';
import type { ClusterMetadata } from '../wire/metadata-request.ts';
import type { BrokerAsks } from './broker-asks.ts';
import { sampleWatermarks } from './sample-watermarks.ts';
import { createWatchMemory } from './watch-memory.ts';

const WANTED = new Set(['orders.dlq']);

/** A broker that answers each question for the topic's one partition with the next of these offsets. */
function answering(...offsets: readonly bigint[]): BrokerAsks {
  const left = [...offsets];
  const answer = (): readonly FoundOffset[] => {
    const offset = left.shift();
    if (offset === undefined) throw new Error('the broker is asked once too often');
    return [{ topic: 'orders.dlq', partition: 0, errorCode: 0, offset }];
  };
  return {
    ask: async <T>() => ({ ok: true, value: answer() as T }),
    askAll: () => Promise.reject(new Error('nobody asks that')),
    count: () => 0,
  };
}

function clusterWith(topicId: string): ClusterMetadata {
  const topic = { topic: 'orders.dlq', topicId, errorCode: 0, internal: false };
  return {
    clusterId: 'c',
    brokers: [],
    topics: [{ ...topic, partitions: [{ partition: 0, errorCode: 0, leader: 1 }] }],
  };
}

it('low watermarks are asked for now and then, and at once when a topic was created anew', async () => {
  const memory = createWatchMemory();
  const endsOf = async (asks: BrokerAsks, topicId: string, now: number) => {
    const { lows, highs } = await sampleWatermarks(asks, clusterWith(topicId), WANTED, memory, millis(now));
    return [...lows.values(), ...highs.values()];
  };
  expect(await endsOf(answering(5_000n, 4_000n), 'first life', 0)).toEqual([4_000n, 5_000n]);
  expect(await endsOf(answering(5_001n), 'first life', 2_000)).toEqual([4_000n, 5_001n]);
  expect(await endsOf(answering(3n, 0n), 'second life', 4_000)).toEqual([0n, 3n]);
  expect(await endsOf(answering(4n), 'second life', 6_000)).toEqual([0n, 4n]);
  expect(await endsOf(answering(5n, 1n), 'second life', 40_000)).toEqual([1n, 5n]);
});
