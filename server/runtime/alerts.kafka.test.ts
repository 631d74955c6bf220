import { randomUUID } from 'node:crypto';
import { Kafka } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { testBrokers } from '../../e2e/support/test-kafka.ts';
import { until } from '../../e2e/support/until.ts';
import { type Got, startReceiver } from '../../e2e/support/webhook-receiver.ts';
import { workOff } from '../../e2e/support/work-off.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import { buildSource } from './build-source.ts';
import { readSchemasInForce } from './schemas/schemas-in-force.ts';
import { createTap, type Tap } from './tap.ts';

/** Topics of this file alone; the tap of this file reads no others. */
const PREFIX = `alerts-${randomUUID().slice(0, 8)}`;
const QUEUE = `${PREFIX}.orders.dlq`;
/** One that a group works off. */
const SHELF = `${PREFIX}.shelf.dlq`;
const TRIAGE = `${PREFIX}-triage`;
/** Looks of the evaluator after which an end that is told again would have been. */
const LOOKS_AFTER = 2;
/** On a machine that is busy, watch takes longer rests. */
const PATIENCE = { timeoutMs: 90_000 };

const kafka = new Kafka({ clientId: PREFIX, brokers: [testBrokers()], logLevel: 0 });
const producer = kafka.producer();
let database: TestDatabase;
let pool: pg.Pool;
let tap: Tap;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeAll(async () => {
  receiver = await startReceiver((response) => response.end());
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [QUEUE, SHELF].map((topic) => ({ topic, numPartitions: 2 })) });
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
  await receiver.close();
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

async function alertOf(rule: string, queue = QUEUE): Promise<Alert | undefined> {
  const { rows } = await pool.query<Alert>(
    `select phase, value, annotations, told from alert where rule = $1 and labels->>'queue' = $2`,
    [rule, queue],
  );
  return rows[0];
}

async function send(from: number, count: number, topic = QUEUE): Promise<void> {
  await producer.send({
    topic,
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

test('a queue is not resolved while its triage group has handled half of it, and once when it has handled all', async () => {
  await send(0, 250, SHELF);
  const firing = await until(
    'the alert to fire',
    async () => {
      const found = await alertOf('Dead letters pile up', SHELF);
      return found?.phase === 'firing' && found.value === 250 ? found : null;
    },
    PATIENCE,
  );
  expect(firing.told?.labels).toMatchObject({ queue: SHELF });

  await workOff(kafka, { topic: SHELF, groupId: TRIAGE, count: 125 });
  const half = await until(
    'half of it to be handled',
    async () => {
      const found = await alertOf('Dead letters pile up', SHELF);
      return found?.value === 125 ? found : null;
    },
    PATIENCE,
  );
  expect(half.phase).toBe('firing');

  await workOff(kafka, { topic: SHELF, groupId: TRIAGE, count: 125 });
  const isResolved = async () => (await alertOf('Dead letters pile up', SHELF))?.phase === 'resolved';
  await until('the alert to be resolved', isResolved, PATIENCE);
  await until('the end to be told', async () => toldOf('resolved').length > 0, PATIENCE);
  await untilLookedAgain(LOOKS_AFTER);
  expect(toldOf('firing')).toHaveLength(1);
  expect(toldOf('resolved')).toHaveLength(1);
  const { rows } = await pool.query(
    `select from_state, to_state from alert_transition where labels->>'queue' = $1 order by seq`,
    [SHELF],
  );
  expect(rows).toEqual([
    { from_state: 'inactive', to_state: 'firing' },
    { from_state: 'firing', to_state: 'resolved' },
  ]);
}, 240_000);

/** Requests that told of the queue that is worked off. */
function toldOf(status: string): readonly Got[] {
  return receiver.got.filter(({ text }) => {
    const body = JSON.parse(text) as { readonly status: string; readonly groupLabels: { readonly queue: string } };
    return body.groupLabels.queue === SHELF && body.status === status;
  });
}

async function untilLookedAgain(looks: number): Promise<void> {
  const lookedAt = async (): Promise<number> => {
    const { rows } = await pool.query<{ at: Date }>(
      `select evaluated_at as at from alert_rule_state where rule = 'Dead letters pile up'`,
    );
    return rows[0]?.at.getTime() ?? 0;
  };
  for (let n = 0; n < looks; n += 1) {
    const before = await lookedAt();
    await until('the rule to be looked at again', async () => (await lookedAt()) > before);
  }
}

function configFor(databaseUrl: string): Config {
  const read = loadConfig({
    env: {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: testBrokers(),
      TAP_START: 'beginning',
      TAP_GROUP_ID: PREFIX,
      THROUGHLINE_CONFIG: 'test.yaml',
      THROUGHLINE_ALLOWED_RECEIVER_NETWORKS: '127.0.0.1',
    },
    workingDir: '/',
    platform: { platform: 'linux', home: '/', isRoot: false, xdgDataHome: undefined, xdgCacheHome: undefined },
    readFile: () => `
topics:
  include: ["${PREFIX}.*"]
owners:
  - { team: orders, contact: "#orders", topics: ["orders\\\\."] }
dead_letters:
  triage:
    - { queue: "${SHELF}", groups: ["${TRIAGE}"] }
receivers:
  - { name: shelf, url: "${receiver.url}", group_by: [alertname, queue], group_wait: 0, group_interval: 1s }
alerts:
  - { name: Dead letters pile up, watch: dead_letter_depth, threshold: 100, severity: critical, receivers: [shelf] }
`,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}
