import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, expect, test } from 'vitest';
import { downloads } from '../../../e2e/support/services.ts';
import { until } from '../../../e2e/support/until.ts';
import { millis } from '../../model/time.ts';
import { findJava } from '../../runtime/kafka/find-java.ts';
import { freePorts, startKafka } from '../../runtime/kafka/start-kafka.ts';
import { createMemorySink } from '../memory-sink.test-support.ts';
import { createKafkaSource } from './create-kafka-source.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-outage-'));
const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing) await close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('a broker that is not there yet, is killed and comes back costs no record', async () => {
  const java = await findJava({ javaHome: process.env.JAVA_HOME, path: process.env.PATH });
  if (java === null) throw new Error('needs Java 17');
  const ports = await freePorts();
  const brokers = [`127.0.0.1:${ports.broker}`];
  const sink = createMemorySink();
  const clock = { now: () => millis(Date.now()) };
  const source = createKafkaSource({
    brokers,
    clientId: 'outage',
    groupId: 'outage',
    start: { kind: 'beginning' },
    clock,
    discoveryIntervalMs: 300,
  });
  closing.push(() => source.stop());
  await source.start(sink);
  await until('the first word', async () => sink.connections.length > 0);
  expect(sink.connections[0]).toEqual({
    connected: false,
    message: `No answer from ${brokers[0]} (connection refused). Trying again in 1 s.`,
  });
  const start = () => startKafka({ java, dataDir, ports, heapMb: 384, ...downloads() });
  let broker = await start();
  closing.push(() => broker.stop('SIGKILL'));
  const client = () => new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const send = async (from: number): Promise<void> => {
    const producer = client().producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const messages = Array.from({ length: 100 }, (_, index) => ({ value: String(from + index) }));
    await producer.send({ topic: 'kept', messages }).finally(() => producer.disconnect());
  };
  const admin = client().admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  await send(0);
  await until('the first records', async () => sink.all('kept').length === 100);
  const before = await members(client());
  await broker.stop('SIGKILL');
  await until('the loss', async () => sink.connections.at(-1)?.connected === false);
  broker = await start();
  await until('a send after the return', async () => {
    await send(100);
    return true;
  });
  await until('the records after the return', async () => sink.all('kept').length >= 200);
  expect(before).toHaveLength(1);
  expect(await members(client())).toEqual(before);
  expect(new Set(sink.values('kept'))).toEqual(new Set(Array.from({ length: 200 }, (_, index) => String(index))));
  expect(sink.connections.at(-1)).toEqual({ connected: true, message: null });
  expect(sink.violations).toEqual([]);
  expect(sink.holes).toEqual([]);
});

/** A tap that came back as somebody new would be waited for under its old name, and read nothing until then. */
async function members(kafka: Kafka): Promise<readonly string[]> {
  const admin = kafka.admin();
  await admin.connect();
  const { groups } = await admin.describeGroups(['outage']).finally(() => admin.disconnect());
  return groups.flatMap((group) => group.members.map(({ memberId }) => memberId));
}
