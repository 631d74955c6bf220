import { Kafka, logLevel, type Message } from 'kafkajs';

export interface ProduceOptions {
  readonly brokers: string;
  readonly topic: string;
  readonly partitions: number;
  readonly count: number;
  /** The record of a number. Numbers of one block go to one partition together. */
  record(index: number): Message;
}

/** Records sent at once: one batch of one partition. */
const BLOCK = 3_200;

/** Makes a topic. */
export async function createTopic(
  brokers: string,
  topic: string,
  partitions: number,
  config: Readonly<Record<string, string>> = {},
): Promise<void> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }], waitForLeaders: true });
  await admin.disconnect();
}

/** Makes a topic and fills it, block after block over the partitions. */
export async function produceEvents({ brokers, topic, partitions, count, record }: ProduceOptions): Promise<void> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  await createTopic(brokers, topic, partitions);
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (let from = 0; from < count; from += BLOCK) {
    const partition = Math.floor(from / BLOCK) % partitions;
    const messages = Array.from({ length: Math.min(BLOCK, count - from) }, (_, index) => {
      const { key = null, value, headers } = record(from + index);
      return { key, value, partition, ...(headers && { headers }) };
    });
    await producer.send({ topic, messages });
  }
  await producer.disconnect();
}
