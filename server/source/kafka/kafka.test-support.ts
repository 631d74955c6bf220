import { randomUUID } from 'node:crypto';
import { type Admin, type ITopicConfig, Kafka, logLevel, type ProducerRecord } from 'kafkajs';
import { afterEach } from 'vitest';
import { testBrokers } from '../../../e2e/support/test-kafka.ts';
import { until } from '../../../e2e/support/until.ts';
import { millis } from '../../model/time.ts';
import type { Source } from '../../ports/source.ts';
import type { MemorySink } from '../memory-sink.test-support.ts';
import { createKafkaSource, type KafkaSourceOptions } from './create-kafka-source.ts';

/** What tests of the Kafka source do with the run's Kafka. Sources made here are stopped after each test. */
export function createTestTopics() {
  const running: Source[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((source) => source.stop()));
  });

  function sourceOf(prefix: string, more: Partial<KafkaSourceOptions> = {}): Source {
    const source = createKafkaSource({
      brokers: [testBrokers()],
      clientId: 'throughline-test',
      groupId: prefix,
      start: { kind: 'beginning' },
      clock: { now: () => millis(Date.now()) },
      discoveryIntervalMs: 300,
      include: [new RegExp(`^${prefix}`)],
      ...more,
    });
    running.push(source);
    return source;
  }

  return { administer, createTopic, createTopics, kafka, numbered, send, sourceOf, uniquePrefix, untilValues };
}

function kafka(): Kafka {
  return new Kafka({ brokers: [testBrokers()], logLevel: logLevel.NOTHING, retry: { retries: 2 } });
}

/** A fresh client each time: one that has seen a topic fails for all topics once that one is deleted. */
async function administer<T>(task: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka().admin();
  await admin.connect();
  return task(admin).finally(() => admin.disconnect());
}

/** Idempotent: a new topic's partitions are ready one by one, and what is sent again for one must not double the others. */
async function send(record: ProducerRecord): Promise<void> {
  const producer = kafka().producer({ allowAutoTopicCreation: false, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  await producer.send(record).finally(() => producer.disconnect());
}

function uniquePrefix(): string {
  return `src-${randomUUID().slice(0, 8)}`;
}

async function createTopic(topic: string, partitions = 1, config: Record<string, string> = {}): Promise<void> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  await createTopics([{ topic, numPartitions: partitions, configEntries }]);
}

/** Resolves once each has its leaders. Kafka's answer comes before the broker itself knows of the topics. */
async function createTopics(topics: ITopicConfig[]): Promise<void> {
  await administer((admin) => admin.createTopics({ topics, waitForLeaders: false }));
  const names = topics.map(({ topic }) => topic);
  await until('the leaders', async () => {
    const metadata = await administer((admin) => admin.fetchTopicMetadata({ topics: names }));
    return metadata.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0));
  });
}

function numbered(count: number, from = 0): { value: string }[] {
  return Array.from({ length: count }, (_, index) => ({ value: `v${from + index}` }));
}

async function untilValues(sink: MemorySink, topic: string, count: number): Promise<void> {
  await until(`${count} records of ${topic}`, async () => sink.all(topic).length >= count);
}
