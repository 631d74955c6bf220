import { randomUUID } from 'node:crypto';
import { Kafka } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { testBrokers } from '../../e2e/support/test-kafka.ts';
import { until } from '../../e2e/support/until.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import { buildSource } from './build-source.ts';
import { readSchemasInForce } from './schemas/schemas-in-force.ts';
import { createTap, type Tap } from './tap.ts';

/** Topics of this file alone; the tap of this file reads no others. */
const PREFIX = `alerts-${randomUUID().slice(0, 8)}`;
const QUEUE = `${PREFIX}.orders.dlq`;

const kafka = new Kafka({ clientId: PREFIX, brokers: [testBrokers()], logLevel: 0 });
const producer = kafka.producer();
let database: TestDatabase;
let pool: pg.Pool;
let tap: Tap;

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: QUEUE, numPartitions: 2 }] });
  await admin.disconnect();
  await producer.connect();
  const config = configFor(database.url);
  tap = createTap(config, {
    databaseUrl: database.url,
    source: buildSource(config),
    schemas: await readSchemasInForce([]),
    say: () => {},
  });
  await tap.start();
});

afterAll(async () => {
  await tap.stop();
  await producer.disconnect();
  await pool.end();
  await database.drop();
});

interface Alert {
  readonly phase: string;
  readonly value: number;
  readonly annotations: Record<string, string>;
  readonly told: { readonly labels: Record<string, string> } | null;
}

async function alertOf(rule: string): Promise<Alert | undefined> {
  const { rows } = await pool.query<Alert>(
    `select phase, value, annotations, told from alert where rule = $1 and labels->>'queue' = $2`,
    [rule, QUEUE],
  );
  return rows[0];
}

async function send(from: number, count: number): Promise<void> {
  await producer.send({
    topic: QUEUE,
    messages: Array.from({ length: count }, (_, n) => ({
      partition: (from + n) % 2,
      value: JSON.stringify({
        ...{ event_type: 'order.failed', correlation_id: randomUUID(), event_id: randomUUID() },
        ...{ source_service: 'shop', timestamp: new Date().toISOString(), payload: {} },
      }),
    })),
  });
}

test('the 101st dead letter fires the default rule, with its owner and traces to look at, and marking it resolved ends it', async () => {
  await until('rules to be evaluated', async () => {
    const { rows } = await pool.query(
      `select from alert_rule_state where rule = 'Dead letters pile up' and health = 'ok'`,
    );
    return rows.length === 1;
  });
  await send(0, 100);
  await until('100 records to be seen and not to fire', async () => {
    const { rows } = await pool.query<{ high: string; at: Date }>(
      `select sum(w.high) as high from watermark w join incarnation i on i.id = w.incarnation_id where i.topic = $1`,
      [QUEUE],
    );
    return rows[0]?.high === '100';
  });
  expect(await alertOf('Dead letters pile up')).toBeUndefined();
  const began = performance.now();
  await send(100, 1);
  const alert = await until('the alert to fire', async () => {
    const found = await alertOf('Dead letters pile up');
    return found?.phase === 'firing' ? found : null;
  });
  process.stdout.write(`fired ${((performance.now() - began) / 1000).toFixed(1)} s after the record\n`);
  expect(alert.value).toBe(101);
  expect(alert.annotations).toMatchObject({
    summary: `${QUEUE}: dead letters that nobody has handled: 101 records, over 100 records`,
    queue_url: `/dead-letters?queue=${QUEUE}`,
    trace_1: expect.stringMatching(/^\/traces\/key:[0-9a-f]{32}$/),
    trace_5: expect.stringMatching(/^\/traces\/key:[0-9a-f]{32}$/),
    owner_contact: '#orders',
  });
  expect(alert.told?.labels).toMatchObject({ owner: 'orders', severity: 'critical', queue: QUEUE });

  await pool.query(
    `insert into queue_mark (workspace_id, cluster, topic, at, life, offsets, author)
     select 1, c.kafka_id, i.topic, now(), i.id, jsonb_object_agg(w.partition, w.high), 'test'
     from incarnation i join cluster c on c.id = i.cluster_id join watermark w on w.incarnation_id = i.id
     where i.topic = $1 group by 2, 3, 5`,
    [QUEUE],
  );
  await until('the alert to be resolved', async () => (await alertOf('Dead letters pile up'))?.phase === 'resolved');
  const { rows } = await pool.query(
    `select from_state, to_state from alert_transition where rule = 'Dead letters pile up' and labels <> '{}' order by seq`,
  );
  expect(rows).toEqual([
    { from_state: 'inactive', to_state: 'firing' },
    { from_state: 'firing', to_state: 'resolved' },
  ]);
});

function configFor(databaseUrl: string): Config {
  const read = loadConfig({
    env: {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: testBrokers(),
      TAP_START: 'beginning',
      TAP_GROUP_ID: PREFIX,
      THROUGHLINE_CONFIG: 'test.yaml',
    },
    workingDir: '/',
    platform: { platform: 'linux', home: '/', isRoot: false, xdgDataHome: undefined, xdgCacheHome: undefined },
    readFile: () => `
topics:
  include: ["${PREFIX}.*"]
owners:
  - { team: orders, contact: "#orders", topics: ["orders\\\\."] }
`,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}
