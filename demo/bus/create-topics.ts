import kafkajs, { type Kafka } from 'kafkajs';
import { PARTITIONS_PER_TOPIC } from '../contracts/topics.ts';

/** Creates the topics that do not exist yet, with the broker's own replication. Throws when the broker is away. */
export async function createTopics(kafka: Kafka, topics: readonly string[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({
      topics: topics.map((topic) => ({ topic, numPartitions: PARTITIONS_PER_TOPIC })),
      waitForLeaders: false,
    });
  } catch (error) {
    if (!onlyExisting(error)) throw error;
  } finally {
    await admin.disconnect();
  }
}

/** The client reports topics that were there already beside those that failed. */
function onlyExisting(error: unknown): boolean {
  return (
    error instanceof kafkajs.KafkaJSAggregateError &&
    error.errors.every((it) => typeof it === 'object' && 'type' in it && it.type === 'TOPIC_ALREADY_EXISTS')
  );
}
