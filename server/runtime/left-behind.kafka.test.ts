import { randomUUID } from 'node:crypto';
import { Kafka } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { testBrokers } from '../../e2e/support/test-kafka.ts';
import { until } from '../../e2e/support/until.ts';
import { createIngest } from '../ingest/create-ingest.ts';
import { createPreparer } from '../ingest/prepare-records.ts';
import { millis } from '../model/time.ts';
import { createReading } from '../pipeline/reading.ts';
import type { RecordSink, SinkAnswer, Source } from '../ports/source.ts';
import { createKafkaSource } from '../source/kafka/create-kafka-source.ts';
import { createIngestStore } from '../store/write/ingest-store.ts';

const TOPIC = `left-${randomUUID().slice(0, 8)}`;
const PARTITIONS = 2;
const clock = { now: () => millis(Date.now()) };
const sources: Source[] = [];
let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 8 });
});
afterAll(async () => {
  await Promise.all(sources.map((source) => source.stop()));
  await pool.end();
  await database.drop();
});

function sinkOf(): RecordSink {
  const store = createIngestStore({ pool, workspaceId: 1, writerId: randomUUID() });
  const prepare = createPreparer({ workspaceId: 1, reading: createReading([]), resolverVersion: async () => 1 });
  const cluster = { name: 'test', source: 'kafka' } as const;
  return createIngest({ store, clock, prepare, cluster, onConnection: () => {}, onStored: () => {} });
}

async function startSource(sink: RecordSink): Promise<void> {
  const source = createKafkaSource({
    brokers: [testBrokers()],
    clientId: TOPIC,
    groupId: TOPIC,
    start: { kind: 'beginning' },
    include: [new RegExp(`^${TOPIC}$`)],
    discoveryIntervalMs: 300,
    clock,
  });
  sources.push(source);
  await source.start(sink);
}

async function send(count: number): Promise<void> {
  const producer = new Kafka({ brokers: [testBrokers()], logLevel: 0 }).producer();
  await producer.connect();
  const messages = Array.from({ length: PARTITIONS * count }, (_, index) => ({
    value: `{"correlation_id":"c-${index}"}`,
    partition: index % PARTITIONS,
  }));
  await producer.send({ topic: TOPIC, messages }).finally(() => producer.disconnect());
}

const stored = async (): Promise<{ n: number; places: number }> => {
  const { rows } = await pool.query<{ n: number; places: number }>(
    `select count(*)::int as n, count(distinct (incarnation_id, partition, "offset"))::int as places from event`,
  );
  return rows[0] ?? { n: 0, places: 0 };
};

test('a tap that stalls in a delivery while the group goes on without it is refused, comes back, and nothing is double', async () => {
  const admin = new Kafka({ brokers: [testBrokers()], logLevel: 0 }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
  await send(20);
  const ingest = sinkOf();
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const answers: SinkAnswer[] = [];
  let inHand = 0;
  const stalled: RecordSink = {
    ...ingest,
    async deliver(batch) {
      inHand += 1;
      await gate;
      const answer = await ingest.deliver(batch);
      answers.push(answer);
      return answer;
    },
  };
  await startSource(stalled);
  await until('deliveries in hand', async () => inHand === PARTITIONS);
  await startSource(sinkOf());
  await until('the other tap to store everything', async () => (await stored()).n === PARTITIONS * 20);
  release();
  await until('the answers to the late deliveries', async () => answers.length >= PARTITIONS);
  expect(answers.slice(0, PARTITIONS).map(({ kind }) => kind)).toEqual(['lost', 'lost']);
  await until('both in the group again', async () => answers.length >= PARTITIONS && (await membersOf()) === 2);
  await send(20);
  const all = await until('the records after that', async () => {
    const now = await stored();
    return now.n >= PARTITIONS * 40 ? now : null;
  });
  expect(all).toEqual({ n: PARTITIONS * 40, places: PARTITIONS * 40 });
});

async function membersOf(): Promise<number> {
  const admin = new Kafka({ brokers: [testBrokers()], logLevel: 0 }).admin();
  await admin.connect();
  const { groups } = await admin.describeGroups([TOPIC]).finally(() => admin.disconnect());
  return groups[0]?.members.length ?? 0;
}
