import { Kafka, type KafkaMessage } from 'kafkajs';
import { identityOf } from './record-identity.ts';
import { until } from './until.ts';

/**
 * The identity of every record that lies in the topics now, read by a client of its own (kafkajs's consumer), so that it
 * shares no reading code with the product. All topics are in their first incarnation. Not for repeated header names,
 * which that client folds.
 */
export async function producedRecords(brokers: string, topics: readonly string[]): Promise<string[]> {
  const kafka = new Kafka({ clientId: 'compare', brokers: [brokers], logLevel: 0 });
  const admin = kafka.admin();
  await admin.connect();
  const ends = new Map<string, bigint>();
  for (const topic of topics) {
    for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > 0n) ends.set(`${topic}/${partition}`, BigInt(high));
    }
  }
  await admin.disconnect();
  const identities: string[] = [];
  const consumer = kafka.consumer({ groupId: `compare-${Date.now()}`, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const place = `${topic}/${partition}`;
      identities.push(identity(topic, partition, message));
      if (BigInt(message.offset) + 1n >= (ends.get(place) ?? 0n)) ends.delete(place);
    },
  });
  await until('every record to be read back', async () => ends.size === 0, { timeoutMs: 60_000 });
  await consumer.disconnect();
  return identities;
}

function identity(topic: string, partition: number, message: KafkaMessage): string {
  const headers = Object.entries(message.headers ?? {}).map(([name, value]) => ({
    name: Buffer.from(name),
    value: value === undefined || value === null ? null : Buffer.from(value as Buffer),
  }));
  const { key, value, offset } = message;
  return identityOf({ topic, n: 1, partition, offset: BigInt(offset), key, headers, value });
}
