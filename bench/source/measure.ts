import { Kafka, logLevel } from 'kafkajs';
import { millis } from '../../server/model/time.ts';
import type { RecordSink, TopicPartition } from '../../server/ports/source.ts';
import { createKafkaSource } from '../../server/source/kafka/create-kafka-source.ts';

/** What a run is told: which client reads how many records of which topic. */
export interface MeasureTask {
  readonly client: 'kafkajs' | 'source';
  readonly brokers: string;
  readonly topic: string;
  readonly count: number;
  readonly groupId: string;
}

/** From the first batch that arrived to the last: connecting and joining a group are not part of it. */
export interface Measured {
  readonly recordsPerS: number;
  readonly cpuSPerMillion: number;
}

/** Reads the topic once and counts. Both clients have the same fetch sizes and three deliveries at once. */
export async function measure(task: MeasureTask): Promise<Measured> {
  const counter = createCounter(task.count);
  const stop = task.client === 'kafkajs' ? await readBare(task, counter.add) : await readBySource(task, counter.add);
  const measured = await counter.done;
  await stop();
  return measured;
}

function createCounter(expected: number) {
  let seen = 0;
  let first = 0;
  let startedAt = 0;
  let startedCpu = process.cpuUsage();
  let finish: (measured: Measured) => void = () => undefined;
  const done = new Promise<Measured>((resolve) => {
    finish = resolve;
  });
  const add = (records: number): void => {
    seen += records;
    if (first === 0) {
      first = seen;
      startedAt = performance.now();
      startedCpu = process.cpuUsage();
    }
    if (seen < expected) return;
    const counted = seen - first;
    const { user, system } = process.cpuUsage(startedCpu);
    const seconds = (performance.now() - startedAt) / 1000;
    finish({ recordsPerS: counted / seconds, cpuSPerMillion: (user + system) / counted });
  };
  return { add, done };
}

async function readBare({ brokers, topic, groupId }: MeasureTask, add: (records: number) => void) {
  const kafka = new Kafka({ brokers: [brokers], clientId: 'bench', logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 400,
    maxBytes: 16 * 1024 * 1024,
    maxBytesPerPartition: 2 * 1024 * 1024,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: 3,
    eachBatch: async ({ batch }) => add(batch.messages.length),
  });
  return () => consumer.disconnect();
}

async function readBySource({ brokers, topic, groupId }: MeasureTask, add: (records: number) => void) {
  const source = createKafkaSource({
    brokers: [brokers],
    clientId: 'bench',
    groupId,
    start: { kind: 'beginning' },
    include: [new RegExp(`^${topic}$`)],
    clock: { now: () => millis(Date.now()) },
  });
  await source.start(createCountingSink(add));
  return () => source.stop();
}

/** Keeps positions and nothing else. */
function createCountingSink(add: (records: number) => void): RecordSink {
  const positions = new Map<number, bigint>();
  const positionOf = ({ partition }: TopicPartition): bigint | null => positions.get(partition) ?? null;
  return {
    discovered: async (_cluster, topics) =>
      topics.map((topic, index) => ({ ...topic, incarnationId: index + 1, firstStart: null })),
    positions: async (asked) => asked.map((partition) => ({ ...partition, nextOffset: positionOf(partition) })),
    begin: async (beginnings) => {
      for (const { partition, nextOffset } of beginnings) positions.set(partition, nextOffset);
    },
    claim: async (asked) =>
      asked.map((partition) => ({ ...partition, nextOffset: positionOf(partition) ?? 0n, backfillEnd: null })),
    deliver: async ({ partition, records, nextOffset }) => {
      positions.set(partition, nextOffset);
      add(records.length);
      return { kind: 'stored' };
    },
    hole: async () => ({ kind: 'stored' }),
    watermarks: async () => undefined,
    unreadable: async () => undefined,
    backfill: () => undefined,
    connection: () => undefined,
  };
}
