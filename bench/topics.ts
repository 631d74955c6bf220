// What a cluster of 1,000 topics with 3 partitions each costs: the start, the idle tap, and a topic that appears.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { startPrivatePostgres, TEMPLATE } from '../e2e/support/private-postgres.ts';
import { until } from '../e2e/support/until.ts';
import { machine, median, writeResults } from './support/results.ts';
import { startBenchKafka } from './support/services.ts';
import { runTap, type TapTask } from './topics/run-tap.ts';

const TOPICS = 1_000;
const PARTITIONS = 3;
/** Topics asked for in one request: a broker makes about a hundred partitions a second. */
const MADE_AT_ONCE = 100;
const IDLE_MS = 30_000;
/** The start's last commits and sessions are over by then. */
const SETTLED_MS = 10_000;
const NEW_TOPICS = 3;
const LONG = { timeoutMs: 300_000, everyMs: 100 };

async function main(): Promise<void> {
  const kafka = await startBenchKafka();
  const postgres = await startPrivatePostgres();
  const databaseUrl = new URL(postgres.url);
  databaseUrl.pathname = TEMPLATE;
  const pool = new pg.Pool({ connectionString: databaseUrl.href, max: 2 });
  // PostgreSQL may be stopped before the last connection has said goodbye.
  pool.on('error', () => undefined);
  try {
    await fill(kafka.brokers);
    const text = await run({ brokers: kafka.brokers, databaseUrl: databaseUrl.href }, pool);
    console.log(`\n${text}`);
    writeResults('topics', text);
  } finally {
    await pool.end();
    await postgres.stop();
    await kafka.stop();
  }
}

/** One record on partition 0 of each topic. */
async function fill(brokers: string): Promise<void> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, requestTimeout: 120_000 });
  const names = Array.from({ length: TOPICS }, (_, index) => `bench.topic.${index}`);
  const admin = kafka.admin();
  await admin.connect();
  for (let from = 0; from < TOPICS; from += MADE_AT_ONCE) {
    const topics = names.slice(from, from + MADE_AT_ONCE).map((topic) => ({ topic, numPartitions: PARTITIONS }));
    await admin.createTopics({ topics, timeout: 100_000, waitForLeaders: false });
  }
  await admin.disconnect();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (let from = 0; from < TOPICS; from += MADE_AT_ONCE) {
    const topicMessages = names
      .slice(from, from + MADE_AT_ONCE)
      .map((topic) => ({ topic, messages: [recordOf(topic)] }));
    await producer.sendBatch({ topicMessages });
  }
  await producer.disconnect();
  console.log(`${TOPICS} topics with ${PARTITIONS} partitions each`);
}

function recordOf(topic: string): { value: string; partition: number } {
  return { value: JSON.stringify({ event_type: 'bench', correlation_id: topic, event_id: topic }), partition: 0 };
}

async function run(to: Omit<TapTask, 'groupId'>, pool: pg.Pool): Promise<string> {
  const first = await startTap(to);
  const firstRecordS = await first.secondsUntil(
    'the first record',
    async () => (await countOf(pool, TOPICS_READ)) >= 1,
  );
  const startS = await first.secondsUntil('the start', async () => {
    return (await countOf(pool, BEGUN)) >= TOPICS * PARTITIONS && (await countOf(pool, TOPICS_READ)) >= TOPICS;
  });
  console.log(`first start: first record after ${firstRecordS} s, all after ${startS} s, ${await first.cpuS()} CPU s`);
  const idle = await first.idleCpu();
  console.log(`idle: ${idle} % of a core`);
  const appear: number[] = [];
  for (let index = 0; index < NEW_TOPICS; index += 1) appear.push(await timeNewTopic(to.brokers, pool, index));
  console.log(`a record of a new topic is stored after ${appear.join(', ')} s`);
  await first.stop();
  const before = await recordsOf(pool, 'bench.topic.7');
  const again = await startTap(to);
  await produceTo(to.brokers, 'bench.topic.7');
  const restartS = await again.secondsUntil(
    'the restart',
    async () => (await recordsOf(pool, 'bench.topic.7')) > before,
  );
  const restartCpuS = await again.cpuS();
  console.log(`start again: a new record after ${restartS} s, ${restartCpuS} CPU s`);
  await again.stop();
  return [
    `${TOPICS.toLocaleString('en')} topics with ${PARTITIONS} partitions each on one embedded broker, records in each topic, PostgreSQL in`,
    'the path (fsync off); the tap is a process of its own.',
    '',
    '| what | measured | to reach |',
    '|---|---:|---:|',
    `| first start: the first record stored | ${firstRecordS} s | |`,
    `| first start: all partitions begun, every record stored | ${startS} s | 60 s |`,
    `| start again: a record produced meanwhile stored | ${restartS} s | 60 s |`,
    `| idle CPU of the tap, over ${IDLE_MS / 1000} s | ${idle} % of a core | 10 % |`,
    `| a record of a topic that appears stored, median of ${NEW_TOPICS} | ${median(appear)} s | 15 s |`,
    '',
    `${machine()}.`,
  ].join('\n');
}

const TOPICS_READ = 'select count(distinct incarnation_id)::int as n from event';
const BEGUN = 'select count(*)::int as n from partition_state';
const RECORDS = `
  select count(*)::int as n from event e join incarnation i on i.id = e.incarnation_id where i.topic = $1`;

async function countOf(pool: pg.Pool, query: string, parameters: readonly string[] = []): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(query, [...parameters]);
  return rows[0]?.n ?? 0;
}

function recordsOf(pool: pg.Pool, topic: string): Promise<number> {
  return countOf(pool, RECORDS, [topic]);
}

async function timeNewTopic(brokers: string, pool: pg.Pool, index: number): Promise<number> {
  const topic = `bench.new.${index}`;
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
  const before = performance.now();
  await produceTo(brokers, topic);
  await until(`the record of ${topic}`, async () => (await recordsOf(pool, topic)) >= 1, LONG);
  return seconds(performance.now() - before);
}

async function produceTo(brokers: string, topic: string): Promise<void> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer({
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  await producer.send({ topic, messages: [recordOf(topic)] });
  await producer.disconnect();
}

/** A tap in a process of its own, so that its CPU is its own. */
async function startTap(to: Omit<TapTask, 'groupId'>) {
  const task: TapTask = { ...to, groupId: 'bench-topics' };
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), JSON.stringify(task)], {
    stdio: [...stdio],
  });
  const [startedAt] = await once(child, 'message');
  const cpu = async (): Promise<number> => {
    child.send('cpu');
    const [micros] = await once(child, 'message');
    return Number(micros);
  };
  return {
    async secondsUntil(what: string, reached: () => Promise<boolean>): Promise<number> {
      await until(what, reached, LONG);
      return seconds(Date.now() - Number(startedAt));
    },
    cpuS: async () => seconds((await cpu()) / 1000),
    async idleCpu(): Promise<string> {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      const [before, beganAt] = [await cpu(), performance.now()];
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      const used = ((await cpu()) - before) / 1000;
      return ((used / (performance.now() - beganAt)) * 100).toFixed(1);
    },
    async stop(): Promise<void> {
      child.send('stop');
      await once(child, 'exit');
    },
  };
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}

const argument = process.argv[2];
if (argument === undefined) await main();
else await runTap(asTask(argument));

/** The argument was written by `startTap`. */
function asTask(text: string): TapTask {
  return JSON.parse(text) as TapTask;
}
