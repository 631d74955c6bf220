import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
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

const TOPIC = 'cut';
const dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-cut-'));
const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Cuts the log back to its first batch, as an unclean leader election or a lost disk cache would. */
function cutLog(): void {
  const file = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).find((name) =>
    /cut-0\/0+\.log$/.test(name.replaceAll('\\', '/')),
  );
  if (file === undefined) throw new Error('no log');
  const whole = path.join(dataDir, file);
  truncateSync(whole, 12 + readFileSync(whole).readInt32BE(8));
}

test('a log that lost what is stored, and has grown past it since, is noticed by its leader epoch', async () => {
  const java = await findJava({ javaHome: process.env.JAVA_HOME, path: process.env.PATH });
  if (java === null) throw new Error('needs Java 17');
  const ports = await freePorts();
  const brokers = [`127.0.0.1:${ports.broker}`];
  const start = () => startKafka({ java, dataDir, ports, heapMb: 384, ...downloads() });
  const sink = createMemorySink();
  const read = async () => {
    const clock = { now: () => millis(Date.now()) };
    const options = { brokers, clientId: TOPIC, groupId: TOPIC, clock, discoveryIntervalMs: 300 };
    const source = createKafkaSource({ ...options, start: { kind: 'beginning' } });
    closing.push(() => source.stop());
    await source.start(sink);
    return source;
  };
  const client = () => new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const send = (values: readonly string[]) =>
    until('a send', async () => {
      const producer = client().producer({ allowAutoTopicCreation: false });
      await producer.connect();
      const messages = values.map((value) => ({ value }));
      await producer.send({ topic: TOPIC, messages }).finally(() => producer.disconnect());
      return true;
    });

  let broker = await start();
  closing.push(() => broker.stop('SIGKILL'));
  const admin = client().admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  await send(['a0', 'a1', 'a2', 'a3', 'a4']);
  await send(['a5', 'a6', 'a7', 'a8', 'a9']);
  const first = await read();
  await until('the first records', async () => sink.all(TOPIC).length === 10);
  await first.stop();
  await broker.stop('SIGKILL');
  cutLog();
  broker = await start();
  await send(Array.from({ length: 15 }, (_, index) => `b${index}`));
  await read();
  await until('the records behind the position', async () => sink.positionOf(TOPIC, 0) === 20n);
  expect(sink.rewrittenHoles).toMatchObject([{ fromOffset: 5n, toOffset: 10n, reason: 'identity unknown' }]);
  expect(sink.values(TOPIC).slice(10)).toEqual(Array.from({ length: 10 }, (_, index) => `b${index + 5}`));
  expect(sink.violations).toEqual([]);
  expect(sink.holes).toEqual([]);
});
