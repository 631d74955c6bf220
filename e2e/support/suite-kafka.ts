import { Kafka, logLevel, type Message } from 'kafkajs';

/** The Kafka that the global set-up started; a product that was started by hand has to have one too. */
function kafka(): Kafka {
  const brokers = process.env.THROUGHLINE_E2E_BROKERS;
  if (brokers === undefined) throw new Error('THROUGHLINE_E2E_BROKERS names no broker');
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
}

/** Writes records as a producer of its own. */
export async function sendRecords(topic: string, messages: Message[]): Promise<void> {
  const producer = kafka().producer();
  await producer.connect();
  try {
    await producer.send({ topic, messages });
  } finally {
    await producer.disconnect();
  }
}

/**
 * Commits an offset on partition 0 for a group, which has no members afterwards. Its member leaves at once: an admin
 * client would wait for a fetch of five seconds.
 */
export async function commitFor(groupId: string, topic: string, offset: number): Promise<void> {
  const consumer = kafka().consumer({ groupId, maxWaitTimeInMs: 50 });
  await consumer.connect();
  try {
    const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
    await consumer.subscribe({ topics: [topic] });
    await consumer.run({ autoCommit: false, eachBatch: async () => {} });
    await joined;
    await consumer.commitOffsets([{ topic, partition: 0, offset: `${offset}` }]);
  } finally {
    await consumer.disconnect();
  }
}
