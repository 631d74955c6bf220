import { once } from 'node:events';
import { Kafka, logLevel } from 'kafkajs';

/** Works a queue off as its triage group: reads every record up to `count` and commits behind the last. */
export async function drain(
  brokers: string,
  { topic, groupId, count }: { readonly topic: string; readonly groupId: string; readonly count: number },
): Promise<void> {
  const consumer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).consumer({
    groupId,
    allowAutoTopicCreation: false,
  });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const over = new AbortController();
  const ended = once(over.signal, 'abort');
  let read = 0;
  await consumer.run({
    autoCommit: false,
    async eachBatch({ batch }) {
      const offset = `${BigInt(batch.lastOffset()) + 1n}`;
      await consumer.commitOffsets([{ topic, partition: batch.partition, offset }]);
      read += batch.messages.length;
      if (read >= count) over.abort();
    },
  });
  await ended;
  await consumer.disconnect();
}
