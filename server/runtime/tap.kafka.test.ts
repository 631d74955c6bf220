import { randomUUID } from 'node:crypto';
import { Kafka, type Message } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRecords, identityOf } from '../../e2e/support/record-identity.ts';
import { storedRecords } from '../../e2e/support/stored-records.ts';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { testBrokers } from '../../e2e/support/test-kafka.ts';
import { until } from '../../e2e/support/until.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import { buildSource } from './build-source.ts';
import { readSchemasInForce } from './schemas/schemas-in-force.ts';
import { createTap, type Tap } from './tap.ts';

/** Topics of this file alone; the tap of this file reads no others. */
const PREFIX = `tap-${randomUUID().slice(0, 8)}`;
const [ORDERS, ODD] = [`${PREFIX}-orders`, `${PREFIX}-odd`] as const;

describe('a tap on a real broker and a real database', () => {
  const kafka = new Kafka({ clientId: PREFIX, brokers: [testBrokers()], logLevel: 0 });
  const producer = kafka.producer();
  const produced: string[] = [];
  let database: TestDatabase;
  let pool: pg.Pool;
  let tap: Tap | null = null;

  const startTap = async (): Promise<void> => {
    const config = configFor(database.url);
    tap = createTap(config, {
      databaseUrl: database.url,
      source: buildSource(config),
      schemas: await readSchemasInForce([]),
      say: () => {},
    });
    await tap.start();
  };
  const stopTap = async (): Promise<void> => {
    await tap?.stop();
    tap = null;
  };

  /** Produces to partition 0 and notes what was produced where. */
  const produce = async (topic: string, messages: Message[]): Promise<void> => {
    const sent = await producer.send({ topic, messages: messages.map((message) => ({ ...message, partition: 0 })) });
    const base = BigInt(sent[0]?.baseOffset ?? '0');
    messages.forEach((message, index) => {
      const bytes = (value: Buffer | string | null | undefined): Buffer | null =>
        value === null || value === undefined ? null : Buffer.from(value);
      const headers = Object.entries(message.headers ?? {}).map(([name, value]) => ({
        name: Buffer.from(name),
        value: bytes(value as string),
      }));
      const record = { key: bytes(message.key), headers, value: bytes(message.value) };
      produced.push(identityOf({ topic, n: 1, partition: 0, offset: base + BigInt(index), ...record }));
    });
  };

  const allStored = (): Promise<string[]> =>
    until('every record to be stored', async () => {
      const stored = await storedRecords(pool, [ORDERS, ODD]);
      return stored.length >= produced.length ? stored : null;
    });

  beforeAll(async () => {
    database = await testDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 2 });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      topics: [ORDERS, ODD, `${PREFIX}-empty`].map((topic) => ({ topic, numPartitions: 2 })),
    });
    await admin.disconnect();
    await producer.connect();
    await startTap();
  });

  afterAll(async () => {
    await stopTap();
    await producer.disconnect();
    await pool.end();
    await database.drop();
  });

  it('stores what was produced, byte for byte, whatever it is', async () => {
    await produce(
      ORDERS,
      [1, 2, 3].map((step) => event('c-1', `e-${step}`, step === 1 ? null : `e-${step - 1}`, step)),
    );
    await produce(ODD, [
      { value: '{"correlation_id": "trunc' },
      { value: Buffer.from([0xff, 0x00, 0x80]) },
      { key: 'tombstone', value: null },
      { value: '' },
      { value: '[1,2]' },
      { value: '{"__proto__":{"correlation_id":"x"},"constructor":1}' },
      { key: '<script>', value: '{"event_type":"<script>alert(1)</script>"}', headers: { __x: '1', constructor: 'y' } },
      event('a/../b?c#d%2e', 'weird', null, 4),
      event('L'.repeat(900_000), 'long', null, 5),
      { value: '{"correlation_id":"nul\\u0000 lone\\ud800","event_type":"t\\u0000"}' },
    ]);
    expect(compareRecords(produced, await allStored())).toEqual({ missing: [], foreign: [], double: [] });
  });

  it('gives each record that belongs to no trace its reason', async () => {
    const { rows } = await pool.query<{ reason: number | null }>(
      `select nullif(e.reason, 0) as reason from event e join incarnation i on i.id = e.incarnation_id where i.topic = $1 order by "offset"`,
      [ODD],
    );
    // not json, binary, no value, empty value, not an object, uncorrelated twice, then three of traces
    expect(rows.map((row) => row.reason)).toEqual([2, 11, 6, 8, 7, 1, 1, null, null, null]);
  });

  it('settles the trace with its named causes', async () => {
    const hops = await until('the trace to settle', async () => {
      const { rows } = await pool.query(
        `select h.evidence, h.hop_us::int from hop h join trace t using (trace_key)
         where t.id_text = 'c-1' and h.ordinal >= 0 order by h."offset"`,
      );
      return rows.length === 3 ? rows : null;
    });
    expect(hops).toEqual([
      { evidence: 0, hop_us: null },
      { evidence: 1, hop_us: 1_000_000 },
      { evidence: 1, hop_us: 1_000_000 },
    ]);
  });

  it('goes on where it stood after a stop, also with a duplicate and a late event', async () => {
    await stopTap();
    await produce(ORDERS, [event('c-1', 'e-2', 'e-1', 2), event('c-1', 'e-4', 'e-3', 4)]);
    await startTap();
    expect(compareRecords(produced, await allStored())).toEqual({ missing: [], foreign: [], double: [] });
    const trace = await until('the trace to take them in', async () => {
      const { rows } = await pool.query<{ event_count: number; duplicate_count: number }>(
        `select event_count, duplicate_count from trace where id_text = 'c-1'`,
      );
      return rows[0]?.event_count === 4 ? rows[0] : null;
    });
    expect(trace.duplicate_count).toBe(1);
  });
});

function event(correlationId: string, eventId: string, causationId: string | null, second: number): Message {
  return {
    key: correlationId.slice(0, 36),
    value: JSON.stringify({
      correlation_id: correlationId,
      event_id: eventId,
      causation_id: causationId,
      event_type: `step-${second}`,
      source_service: 'orders',
      version: '1.0.0',
      timestamp: `2025-10-18T10:45:0${second}Z`,
      payload: {},
    }),
  };
}

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
    readFile: () => `topics:\n  include: ["${PREFIX}-.*"]\n`,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}
