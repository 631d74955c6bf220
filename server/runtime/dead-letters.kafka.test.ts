import { ConfigResourceTypes } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { testBrokers } from '../../e2e/support/test-kafka.ts';
import { until } from '../../e2e/support/until.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import type { DeadLetterQueueWire } from '../model/dead-letter-wire.ts';
import { micros, millis } from '../model/time.ts';
import { compareLetter } from '../pipeline/compare-letter.ts';
import { createReading } from '../pipeline/reading.ts';
import { createTestTopics } from '../source/kafka/kafka.test-support.ts';
import { createDeadLetters } from '../store/dead-letters/dead-letters.ts';
import { createQueueReadings } from '../store/dead-letters/queue-readings.ts';
import { createSchemaStore } from '../store/schemas/schema-store.ts';
import { buildSource } from './build-source.ts';
import { createRecordReader } from './record-reader.ts';
import { readSchemasInForce } from './schemas/schemas-in-force.ts';
import { createTap, type Tap } from './tap.ts';

/** Queues of every kind of topic on a real broker, held against what the broker itself says. */
const { administer, createTopic, kafka, send, uniquePrefix } = createTestTopics();
const P = uniquePrefix();
const [ORDERS, PLAIN, TX, COMPACT, ODD] = ['orders', 'plain.dlq', 'tx.dlq', 'compact.dlq', 'graveyard'].map(
  (name) => `${P}-${name}`,
) as [string, string, string, string, string];
const TRIAGE = `${P}-triage`;
const MINUTE_US = 60_000_000;

let database: TestDatabase;
let pool: pg.Pool;
let tap: Tap | null = null;
let config: Config;

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on('error', () => {});
  config = configFor(database.url);
});
afterAll(async () => {
  await tap?.stop();
  await pool.end();
  await database.drop();
});

function configFor(databaseUrl: string): Config {
  const read = loadConfig({
    env: {
      ...{ DATABASE_URL: databaseUrl, KAFKA_BROKERS: testBrokers(), TAP_START: 'beginning', TAP_GROUP_ID: P },
      THROUGHLINE_CONFIG: 'test.yaml',
    },
    workingDir: '/',
    platform: { platform: 'linux', home: '/', isRoot: false, xdgDataHome: undefined, xdgCacheHome: undefined },
    readFile: () => `
topics:
  include: ["${P}-.*"]
dead_letters:
  triage:
    - { queue: "plain.dlq$", groups: ["${TRIAGE}"] }
    - { queue: "tx.dlq$", groups: ["${P}"] }
`,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}

const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};

const letters = () =>
  createDeadLetters({
    ...{ pool, workspaceId: 1, rules: config.deadLetters, ownership: config.ownership, compare: compareLetter },
    clock: { now: () => millis(Date.now()) },
    openReader: createRecordReader(createReading([], [], config.deadLetters), createSchemaStore({ pool })),
    asOf: async () => ({ as_of: '', coverage: { stored_share: null, holes: 0, lower_bound: false } }),
  });

/** Reads a topic to its end with another client, and counts its records; the last record must be no mark of a transaction. */
async function realRecords(topic: string): Promise<number> {
  const ends = await administer((admin) => admin.fetchTopicOffsets(topic));
  const open = new Set(ends.filter(({ low, high }) => low !== high).map(({ partition }) => partition));
  const lastOf = new Map(ends.map(({ partition, high }) => [partition, BigInt(high) - 1n]));
  const consumer = kafka().consumer({ groupId: `${P}-count-${topic}-${Math.random()}`, allowAutoTopicCreation: false });
  let count = 0;
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ partition, message }) => {
      count += 1;
      if (BigInt(message.offset) >= (lastOf.get(partition) ?? 0n)) open.delete(partition);
    },
  });
  await until(`the end of ${topic}`, async () => open.size === 0, { timeoutMs: 60_000 });
  await consumer.disconnect();
  return count;
}

async function brokersDepth(topic: string, triaged: ReadonlyMap<number, bigint> = new Map()): Promise<bigint> {
  const ends = await administer((admin) => admin.fetchTopicOffsets(topic));
  return ends.reduce((all, { partition, low, high }) => {
    const floor = [BigInt(low), triaged.get(partition) ?? 0n].reduce((a, b) => (a > b ? a : b));
    return all + (BigInt(high) > floor ? BigInt(high) - floor : 0n);
  }, 0n);
}

const untilQueue = (topic: string, what: string, is: (queue: DeadLetterQueueWire) => boolean) =>
  until(
    what,
    async () => {
      const { queues } = await letters().queues();
      const queue = queues.find((each) => each.topic === topic);
      return queue !== undefined && is(queue) ? queue : null;
    },
    { timeoutMs: 60_000, everyMs: 250 },
  );

test('depth is what the broker says, and our rows are its real records, on topics of every kind', async () => {
  await createTopic(ORDERS);
  await createTopic(PLAIN, 2, { 'retention.ms': '3600000' });
  await createTopic(TX);
  await createTopic(COMPACT, 1, {
    ...{ 'cleanup.policy': 'compact', 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.001' },
    'max.compaction.lag.ms': '100',
  });
  await createTopic(ODD);
  await send({
    topic: ORDERS,
    messages: [1, 2, 3].map((n) => ({
      value: JSON.stringify({ correlation_id: `buyer-${n}`, event_type: 'order.placed' }),
    })),
  });
  const spring = (offset: number) => ({
    ...{ 'kafka_dlt-original-topic': ORDERS, 'kafka_dlt-original-partition': Buffer.from([0, 0, 0, 0]) },
    ...{
      'kafka_dlt-original-offset': int64(BigInt(offset)),
      'kafka_dlt-exception-message': `no room in 'shelf ${offset}'`,
    },
    'kafka_dlt-exception-fqcn': 'java.lang.IllegalStateException',
  });
  await send({
    topic: PLAIN,
    messages: Array.from({ length: 9 }, (_, n) => ({
      partition: n % 2,
      value: JSON.stringify({ correlation_id: `buyer-${(n % 3) + 1}`, event_type: 'order.placed' }),
      headers: spring(n % 3),
    })),
  });
  // As a share group writes them: on a topic of any name, without a body.
  await send({
    topic: ODD,
    messages: [
      {
        value: null,
        headers: {
          ...{ '__dlq.errors.topic': ORDERS, '__dlq.errors.partition': '0', '__dlq.errors.offset': '1' },
          ...{ '__dlq.errors.group': 'share', '__dlq.errors.delivery.count': '5' },
        },
      },
    ],
  });
  await fillTransactions();
  await fillCompacted();

  tap = createTap(config, {
    databaseUrl: database.url,
    source: buildSource(config),
    schemas: await readSchemasInForce([]),
    say: () => {},
  });
  await tap.start();

  for (const topic of [PLAIN, TX, COMPACT]) {
    const [depth, real] = [await brokersDepth(topic), await realRecords(topic)];
    const queue = await untilQueue(
      topic,
      `${topic} to be read whole`,
      (each) => each.depth === `${depth}` && each.stored === `${real}` && each.retention_ms !== null,
    );
    expect(queue).toMatchObject({ depth: `${depth}`, held: `${depth}`, stored: `${real}` });
    if (topic === PLAIN) expect([real, queue.difference, queue.retention_ms]).toEqual([9, null, 3_600_000]);
    else {
      expect(Number(depth)).toBeGreaterThan(real);
      expect(queue.difference).toContain(`${depth - BigInt(real)} without a dead letter of ours`);
    }
    if (topic === COMPACT) expect(queue).toMatchObject({ cleanup_policy: 'compact', expires_in_s: null });
  }
  const plain = await untilQueue(PLAIN, 'its age', (queue) => queue.expires_in_s !== null);
  expect(plain.expires_in_s).toBeLessThanOrEqual(3600);
  expect(plain.main_reason).toBe('no room in <text>');
  // The tap has committed on every queue: its own group never counts, although it is declared.
  expect((await untilQueue(TX, 'tx', () => true)).triage_groups).toEqual([{ group: P, committed: false }]);
}, 240_000);

test('what a triage group commits makes a queue less deep, and is where the broker says it is', async () => {
  await administer((admin) =>
    admin.setOffsets({ groupId: TRIAGE, topic: PLAIN, partitions: [{ partition: 0, offset: '3' }] }),
  );
  const depth = await brokersDepth(PLAIN, new Map([[0, 3n]]));
  expect(depth).toBe(6n);
  await untilQueue(PLAIN, 'the commit to be seen', (queue) => queue.depth === '6' && queue.stored === '6');
  const readings = await createQueueReadings({ pool, workspaceId: 1, rules: config.deadLetters }).readQueues();
  expect(readings.find(({ topic }) => topic === PLAIN)).toMatchObject({
    triageGroups: [TRIAGE],
    partitions: [
      { partition: 0, low: 0, high: 5, triaged: 3 },
      { partition: 1, low: 0, high: 4, triaged: null },
    ],
  });
});

test('a dead letter is the end of its original, also where it has no body and its topic no name', async () => {
  await untilQueue(ODD, 'the graveyard', (queue) => queue.by === 'records' && queue.stored === '1');
  const range = { from: micros((Date.now() - 3_600_000) * 1000), to: micros(Date.now() * 1000 + MINUTE_US) };
  const record = await until('the original to be found', async () => {
    const found = await letters().queue({ topic: ODD, ...range, groupBy: 'reason', limit: 5 });
    const [first] = found?.records ?? [];
    return first?.original_state === 'stored' && first.correlation_id !== null ? first : null;
  });
  expect(record).toMatchObject({
    ...{ family: 'share group', retry_count: 5, consumer_group: 'share', problems: ['empty body'] },
    ...{ correlation_id: 'buyer-2', correlation_origin: 'by coordinates' },
    original: { topic: ORDERS, partition: 0, offset: '1' },
  });
  expect((await letters().record(record.id))?.comparison).toMatchObject({ result: 'nothing inside', by: 'share' });
  const plain = await letters().queue({ topic: PLAIN, ...range, groupBy: 'reason', limit: 50 });
  expect(plain?.groups).toMatchObject([{ value: 'no room in <text>', count: 9 }]);
  const [letter] = plain?.records ?? [];
  expect(await letters().record(letter?.id ?? '')).toMatchObject({ comparison: { result: 'same' } });
});

/** Two transactions that are committed and one that is not, each with its marks; a plain record ends the log. */
async function fillTransactions(): Promise<void> {
  // The broker may still be writing the marks of the one before: then it asks to try again.
  const retry = { retries: 30, initialRetryTime: 100, maxRetryTime: 1_000 };
  const producer = kafka().producer({ transactionalId: `${P}-tx`, maxInFlightRequests: 1, idempotent: true, retry });
  await producer.connect();
  for (const end of ['commit', 'abort', 'commit'] as const) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: TX, messages: [{ value: '{"error":"a"}' }, { value: '{"error":"b"}' }] });
    await transaction[end]();
  }
  await producer.disconnect();
  await send({ topic: TX, messages: [{ value: '{"error":"last"}' }] });
}

/** The same few keys again and again, until the broker has thrown some of them away. */
async function fillCompacted(): Promise<void> {
  const round = () =>
    send({ topic: COMPACT, messages: [1, 2, 3, 4].map((n) => ({ key: `k-${n}`, value: '{"error":"again"}' })) });
  for (let n = 0; n < 5; n += 1) await round();
  await until(
    'compaction',
    async () => {
      // A new segment closes the one before; only closed ones are compacted.
      await round();
      return BigInt(await realRecords(COMPACT)) < (await brokersDepth(COMPACT));
    },
    { timeoutMs: 90_000, everyMs: 2_000 },
  );
  // What is left stays from here on: the tap and the other client are to read the same.
  const configEntries = [
    { name: 'cleanup.policy', value: 'compact' },
    { name: 'min.compaction.lag.ms', value: '86400000' },
  ];
  await administer((admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: COMPACT, configEntries }],
    }),
  );
  let before = -1;
  await until(
    'compaction to rest',
    async () => {
      const now = await realRecords(COMPACT);
      const rests = now === before;
      before = now;
      return rests;
    },
    { timeoutMs: 90_000, everyMs: 4_000 },
  );
}
