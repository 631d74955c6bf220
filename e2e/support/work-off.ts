import type { Kafka } from 'kafkajs';

/** Some records of a topic that a group has not handled yet. */
export interface WorkOff {
  readonly topic: string;
  readonly groupId: string;
  /** As many must be there: it is waited for them. */
  readonly count: number;
}

/** Works records off as a triage group does: reads on where the group stands, commits behind what it took, and leaves. */
export async function workOff(kafka: Kafka, { topic, groupId, count }: WorkOff): Promise<void> {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false });
  let left = count;
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      const running = consumer.run({
        autoCommit: false,
        async eachBatch({ batch }) {
          const last = batch.messages.slice(0, left).at(-1);
          if (last === undefined) return;
          const offset = `${BigInt(last.offset) + 1n}`;
          await consumer.commitOffsets([{ topic, partition: batch.partition, offset }]);
          left -= Math.min(left, batch.messages.length);
          if (left === 0) resolve();
        },
      });
      running.catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
}
