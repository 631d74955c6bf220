import { randomUUID } from 'node:crypto';
import { until } from '../../support/until.ts';
import { PATIENCE_MS } from '../patience.ts';
import { type RecordMaker, sequenceOf } from '../produce/make-record.ts';
import type { Cluster, LivingTopic } from '../world/cluster.ts';
import { type PlacedRecord, partitionName, type Written } from './written.ts';

/**
 * The logs of the living topics as kafkajs's consumer reads them, committed records only. It shares no reading code with
 * the product, and folds repeated headers: a record is known again by its sequence number, and its bytes are those that
 * were given to the producer. Each log must end with a record.
 */
export async function readBack(
  cluster: Cluster,
  topics: readonly LivingTopic[],
  maker: RecordMaker,
): Promise<Pick<Written, 'inLog' | 'logs'>> {
  const logs = await cluster.bounds(topics);
  const ids = new Map(topics.map(({ topic, topicId }) => [topic, topicId]));
  const left = new Set([...logs].filter(([, { low, end }]) => end > low).map(([name]) => name));
  const inLog: PlacedRecord[] = [];
  const consumer = cluster.kafka.consumer({
    groupId: `compare-${randomUUID()}`,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 200,
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...ids.keys()], fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch: { topic, partition, messages } }) => {
        const topicId = ids.get(topic) ?? '';
        const name = partitionName({ topicId, partition });
        for (const message of messages) {
          const offset = BigInt(message.offset);
          const digest = maker.digestOf(sequenceOf(message) ?? -1) ?? 'made by nobody';
          inLog.push({ topicId, partition, offset, digest });
          if (offset + 1n >= (logs.get(name)?.end ?? 0n)) left.delete(name);
        }
      },
    });
    await until('every log to be read back', async () => left.size === 0, { timeoutMs: PATIENCE_MS });
  } finally {
    await consumer.disconnect();
  }
  return { inLog, logs };
}
