import { Kafka, logLevel } from 'kafkajs';
import { makeEvent } from '../support/omninode-events.ts';
import { sendSample } from '../support/own-process.ts';

export interface ProduceTask {
  readonly brokers: string;
  readonly topic: string;
  readonly partitions: number;
  readonly rate: number;
  readonly seconds: number;
  /** Number of the first event: another run's are other ones. */
  readonly firstEvent: number;
}

export interface Produced {
  readonly events: number;
  readonly seconds: number;
}

/** An event that is to be looked up. */
export interface Sample {
  readonly partition: number;
  readonly offset: string;
  readonly correlationId: string;
  /** `Date.now()` when it was handed to the producer. */
  readonly atMs: number;
  /** How long Kafka took to acknowledge it. */
  readonly acknowledgedAfterMs: number;
}

/** Events are handed over this often, as a service with a short linger does. */
const TICK_MS = 10;
/** One event of every so many ticks is looked up: the looking must not be what is measured. */
const TICKS_A_SAMPLE = 4;
const TRACES_A_BATCH = 8;

/**
 * Hands events to a producer at a steady rate, a batch per tick; tells one of every fourth batch once it is acknowledged. The
 * events are made before the clock starts.
 */
export async function produceAtRate({
  brokers,
  topic,
  partitions,
  rate,
  seconds,
  firstEvent,
}: ProduceTask): Promise<Produced> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const events = Array.from({ length: rate * seconds }, (_, index) =>
    makeEvent(firstEvent + index, { headers: false }),
  );
  const began = performance.now();
  const sent: Promise<void>[] = [];
  let made = 0;
  while (made < events.length) {
    const due = Math.min(events.length, Math.floor(((performance.now() - began) / 1000) * rate));
    const batch = events.slice(made, due);
    made = due;
    if (batch.length > 0) sent.push(send(batch));
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  const elapsed = (performance.now() - began) / 1000;
  await Promise.all(sent);
  await producer.disconnect();
  return { events: made, seconds: elapsed };

  async function send(batch: ReturnType<typeof makeEvent>[]): Promise<void> {
    const atMs = Date.now();
    const messages = batch.map(({ key = null, value, trace }) => ({
      key,
      value,
      partition: Math.floor(trace / TRACES_A_BATCH) % partitions,
    }));
    const sampled = sent.length % TICKS_A_SAMPLE === 0;
    const answers = await producer.send({ topic, messages });
    const acknowledgedAfterMs = Date.now() - atMs;
    for (const { partition, baseOffset = '' } of sampled ? answers.slice(0, 1) : []) {
      const own = messages.filter((message) => message.partition === partition);
      const last = own.at(-1);
      const offset = (BigInt(baseOffset) + BigInt(own.length - 1)).toString();
      sendSample({ partition, offset, correlationId: String(last?.key), atMs, acknowledgedAfterMs } satisfies Sample);
    }
  }
}
