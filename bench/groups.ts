// What watching 500 consumer groups costs: milliseconds, CPU and requests of a round, and what its history weighs.
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { startPrivatePostgres, TEMPLATE } from '../e2e/support/private-postgres.ts';
import { millis } from '../server/model/time.ts';
import { connectKafka } from '../server/source/kafka/connection/kafka-connection.ts';
import { createKafkaWatch } from '../server/source/kafka/watch/create-kafka-watch.ts';
import { commitOffsets, coordinatorReady } from '../server/source/kafka/watch/raw-group.test-support.ts';
import { readConsumerGroups } from '../server/store/read/consumer-groups.ts';
import { readConsumption } from '../server/store/read/consumption.ts';
import { createWatchStore } from '../server/store/watch/watch-store.ts';
import { createIngestStore } from '../server/store/write/ingest-store.ts';
import { createRounds, type Round } from './groups/rounds.ts';
import { machine, median, writeResults } from './support/results.ts';
import { startBenchKafka } from './support/services.ts';

const GROUPS = 500;
const TOPICS = 50;
const PARTITIONS = 5;
const ROUNDS = 15;

const topicOf = (group: number): string => `bench.groups.${group % TOPICS}`;
const clock = { now: () => millis(Date.now()) };

async function main(): Promise<void> {
  const kafka = await startBenchKafka();
  const postgres = await startPrivatePostgres();
  const url = new URL(postgres.url);
  url.pathname = TEMPLATE;
  const pool = new pg.Pool({ connectionString: url.href, max: 4 });
  // The server ends before its last connections do.
  pool.on('error', () => undefined);
  try {
    const text = await measureAll(kafka.brokers, pool);
    console.log(`\n${text}`);
    writeResults('groups', text);
  } finally {
    await pool.end();
    await postgres.stop();
    await kafka.stop();
  }
}

async function measureAll(brokers: string, pool: pg.Pool): Promise<string> {
  const life = new AbortController();
  const [host = '', port = ''] = brokers.split(':');
  const broker = await connectKafka(host, Number(port), { clientId: 'bench' }, life.signal);
  const names = Array.from({ length: TOPICS }, (_, index) => topicOf(index));
  await createTopics(brokers, names);
  await coordinatorReady(broker);
  let committed = 0n;
  /** Moves every group on every partition. */
  const moveAll = async (): Promise<void> => {
    committed += 1n;
    for (let from = 0; from < GROUPS; from += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => {
          const topic = topicOf(from + index);
          const places = Array.from({ length: PARTITIONS }, (_, partition) => ({
            topic,
            partition,
            offset: committed,
          }));
          return commitOffsets(broker, `bench-group-${from + index}`, places);
        }),
      );
    }
  };
  await moveAll();
  const cluster = createKafkaWatch({ brokers: [brokers], clientId: 'bench', clock });
  await register(pool, await cluster.identify(), names);
  const store = createWatchStore({ pool, workspaceId: 1, ownGroup: 'tap' });
  const rounds = await createRounds(cluster, store, pool);
  const first = await rounds.run();
  const idle: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) idle.push(await rounds.run());
  const busy: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await moveAll();
    await produceOne(brokers, names, round);
    busy.push(await rounds.run());
  }
  const text = await resultTable(pool, { first, idle, busy });
  await store.release();
  cluster.close();
  life.abort();
  return text;
}

async function resultTable(
  pool: pg.Pool,
  { first, idle, busy }: { first: Round; idle: readonly Round[]; busy: readonly Round[] },
): Promise<string> {
  await pool.query('analyze committed_change, watermark_change');
  const { rows } = await pool.query<{ table: string; rows: number; bytes: number }>(
    `select parent::text as table, sum(n)::int as rows, sum(size)::int as bytes from (
       select i.inhparent::regclass as parent, pg_total_relation_size(i.inhrelid) as size,
         (select reltuples from pg_class c where c.oid = i.inhrelid)::int as n
       from pg_inherits i where i.inhparent in ('committed_change'::regclass, 'watermark_change'::regclass)) t
     where n > 0 group by 1 order by 1`,
  );
  const list = await timed(() =>
    readConsumerGroups(pool, 1, { includePartitions: false, limit: 200 }).then(({ groups }) => groups.length),
  );
  const { rows: places } = await pool.query<{ id: number }>('select id from incarnation limit 1');
  const ref = { incarnationId: places[0]?.id ?? 0, partition: 0, offset: 7n };
  const event = await timed(() => readConsumption(pool, ref).then((told) => told.length));
  return [
    `${GROUPS} consumer groups, ${GROUPS * PARTITIONS} committed offsets, ${TOPICS * PARTITIONS} partitions on one embedded broker;`,
    `medians of ${ROUNDS} rounds. Idle: nothing moved. Busy: every committed offset and every watermark did.`,
    '',
    '| round | ms | CPU ms of the tap | CPU ms of PostgreSQL | requests | offsets changed | pause after it, s |',
    '|---|---:|---:|---:|---:|---:|---:|',
    rowOf('first', [first]),
    rowOf('idle', idle),
    rowOf('busy', busy),
    '',
    ...rows.map(
      ({ table, rows: n, bytes }) => `- \`${table}\`: ${Math.round(bytes / n)} bytes a row with its index (${n} rows).`,
    ),
    `- A page of ${list.answer} groups with lag in seconds is read in ${list.ms} ms; who consumed one event (${event.answer} groups) in ${event.ms} ms.`,
    `- Memory of the tap's side after the run: ${Math.round(process.memoryUsage().rss / 1e6)} MB resident.`,
    '',
    `${machine()}.`,
  ].join('\n');
}

function rowOf(name: string, rounds: readonly Round[]): string {
  const of = (pick: (round: Round) => number): string => {
    const value = median(rounds.map(pick));
    return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
  };
  const cells = [of((r) => r.ms), of((r) => r.cpuMs), of((r) => r.postgresCpuMs), of((r) => r.requests)];
  return `| ${name} | ${cells.join(' | ')} | ${Math.round(median(rounds.map((r) => r.changes))).toLocaleString('en')} | ${(median(rounds.map((r) => r.pauseMs)) / 1000).toFixed(0)} |`;
}

async function timed(work: () => Promise<number>): Promise<{ readonly ms: string; readonly answer: number }> {
  await work();
  const times: number[] = [];
  let answer = 0;
  for (let run = 0; run < 9; run += 1) {
    const began = performance.now();
    answer = await work();
    times.push(performance.now() - began);
  }
  return { ms: median(times).toFixed(1), answer };
}

async function createTopics(brokers: string, topics: readonly string[]): Promise<void> {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.createTopics({
    topics: topics.map((topic) => ({ topic, numPartitions: PARTITIONS })),
    waitForLeaders: true,
  });
  await admin.disconnect();
}

/** Two records in each partition, so that groups are left with lag. */
async function produceOne(brokers: string, topics: readonly string[], round: number): Promise<void> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const messages = Array.from({ length: PARTITIONS * 2 }, (_, index) => ({
    partition: index % PARTITIONS,
    value: `${round}`,
  }));
  await producer.sendBatch({ topicMessages: topics.map((topic) => ({ topic, messages })) });
  await producer.disconnect();
}

async function register(pool: pg.Pool, kafkaId: string, topics: readonly string[]): Promise<void> {
  const ingest = createIngestStore({ pool, workspaceId: 1, writerId: randomUUID() });
  const clusterId = await ingest.registerCluster({ kafkaId, name: 'Bench', source: 'kafka' });
  await ingest.registerTopics(
    clusterId,
    topics.map((topic) => ({ topic, topicId: null, partitions: PARTITIONS })),
  );
}

await main();
