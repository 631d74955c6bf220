import { randomUUID } from 'node:crypto';
import avsc from 'avsc';
import { Kafka } from 'kafkajs';
import pg from 'pg';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRegistryStandIn } from '../../e2e/support/registry-stand-in.ts';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { testBrokers } from '../../e2e/support/test-kafka.ts';
import { until } from '../../e2e/support/until.ts';
import { loadConfig } from '../config/load-config.ts';
import { millis, millisToMicros } from '../model/time.ts';
import { createReading } from '../pipeline/reading.ts';
import type { Reads } from '../ports/reads.ts';
import { createReads } from '../store/read/reads.ts';
import { createSchemaStore } from '../store/schemas/schema-store.ts';
import { buildSource } from './build-source.ts';
import { createRecordReader } from './record-reader.ts';
import { readSchemasInForce } from './schemas/schemas-in-force.ts';
import { createTap, type Tap } from './tap.ts';

/**
 * A real registry that speaks Confluent's API, e.g. Apicurio's `http://127.0.0.1:8080/apis/ccompat/v7`; without one, a
 * stand-in of the routes that are called.
 */
const REAL_REGISTRY = process.env.TEST_SCHEMAREGISTRY_URL;

const NAME = `registry-${randomUUID().slice(0, 8)}`;
const CORRELATION = randomUUID();

const AVRO = {
  type: 'record',
  name: 'Placed',
  fields: [
    { name: 'correlation_id', type: 'string' },
    { name: 'event_id', type: 'string' },
    { name: 'event_type', type: 'string' },
    { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 2 } },
    { name: 'note', type: ['null', 'string'], default: null },
  ],
};
const MONEY = 'syntax = "proto3"; package shop; message Money { int64 units = 1; }';
const PROTO = `syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
import "money.proto";
message Unused { int32 x = 1; }
message Paid {
  string correlation_id = 1;
  string event_id = 2;
  string causation_id = 3;
  string event_type = 4;
  google.protobuf.Timestamp timestamp = 5;
  Money money = 6;
}`;
const JSON_SCHEMA = '{"type":"object","properties":{"correlation_id":{"type":"string"},"big":{"minimum":1}}}';
// A registry looks at a schema less closely than we do.
const BROKEN_SCHEMA = '{\n"type": "strnig"}';
const ALL_TIMES = { from: millisToMicros(millis(0)), to: millisToMicros(millis(Date.UTC(2100, 0))) };

describe('records of a schema registry, produced to a real broker', () => {
  const kafka = new Kafka({ clientId: NAME, brokers: [testBrokers()], logLevel: 0 });
  const producer = kafka.producer();
  let standIn: Awaited<ReturnType<typeof startRegistryStandIn>> | null = null;
  let registryUrl = '';
  let database: TestDatabase;
  let pool: pg.Pool;
  let tap: Tap;
  let reads: Reads;
  let jsonId = 0;
  let brokenId = 0;

  const startTap = async (): Promise<void> => {
    const config = configFor(database.url, registryUrl);
    tap = createTap(config, {
      databaseUrl: database.url,
      source: buildSource(config),
      schemas: await readSchemasInForce([]),
      say: () => {},
    });
    await tap.start();
  };

  const register = async (subject: string, body: object): Promise<number> => {
    const response = await fetch(`${registryUrl}/subjects/${NAME}-${subject}/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify(body),
    });
    const { id } = (await response.json()) as { id: number };
    expect(id).toBeGreaterThan(0);
    return id;
  };

  beforeAll(async () => {
    standIn = REAL_REGISTRY === undefined ? await startRegistryStandIn() : null;
    registryUrl = REAL_REGISTRY ?? standIn?.url ?? '';
    database = await testDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 3 });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: `${NAME}-events`, numPartitions: 1 }] });
    await admin.disconnect();
    await producer.connect();
    reads = createReads({
      ...{ pool, workspaceId: 1, declaredFlows: [], fields: [], episodeGapMs: 1000 },
      clock: { now: () => millis(Date.now()) },
      openReader: createRecordReader(createReading([]), createSchemaStore({ pool })),
    });
    await startTap();
  });

  afterAll(async () => {
    await tap?.stop();
    await producer.disconnect();
    await standIn?.stop();
    await pool?.end();
    await database?.drop();
  });

  it('are decoded by their schemas, make one trace, and are shown so when the registry is gone', async () => {
    const avro = await register('avro', { schema: JSON.stringify(AVRO) });
    await register('money', { schema: MONEY, schemaType: 'PROTOBUF' });
    const proto = await register('proto', {
      schema: PROTO,
      schemaType: 'PROTOBUF',
      references: [{ name: 'money.proto', subject: `${NAME}-money`, version: 1 }],
    });
    const json = await register('json', { schema: JSON_SCHEMA, schemaType: 'JSON' });
    brokenId = await register('broken', { schema: BROKEN_SCHEMA, schemaType: 'JSON' });
    const values = [
      framed(avro, avroBytes()),
      // The second message of its file.
      framed(proto, Buffer.concat([Buffer.from([2, 2]), protoBytes()])),
      framed(json, Buffer.from(JSON.stringify(jsonBody()).replace('"BIG"', '12345678901234567890'))),
      framed(2_000_000_000, Buffer.from([1])),
      framed(avro, Buffer.from([0xff])),
      framed(brokenId, Buffer.from('{"event_type":"broken","timestamp":"2025-10-18T10:46:00Z"}')),
    ];
    const key = Buffer.from('de6ced0a4619538e8ca64828c25cf83e', 'hex');
    await producer.send({ topic: `${NAME}-events`, messages: values.map((value) => ({ key, value })) });

    jsonId = json;
    const trace = await until('the trace to settle', async () => {
      const found = await reads.trace({ id: CORRELATION }, { includePayload: true, limit: 10 });
      return found?.events.filter(({ parent }) => parent !== null).length === 2 ? found : null;
    });
    await standIn?.stop();

    const shown = trace.events.map(({ payload, event_type, key: shownKey }) => {
      expect(payload?.encoding).toBe('base64');
      expect(shownKey?.uuid).toBe('de6ced0a-4619-538e-8ca6-4828c25cf83e');
      return { event_type, ...payload?.decoded };
    });
    const schema = (id: number) => ({ registry: registryUrl, id: String(id) });
    expect(shown.find(({ format }) => format === 'avro')).toEqual({
      event_type: 'placed',
      format: 'avro',
      text: `{"correlation_id":"${CORRELATION}","event_id":"e-1","event_type":"placed","total":"-312.50","note":null}`,
      truncated: false,
      schema: schema(avro),
    });
    expect(shown.find(({ format }) => format === 'protobuf')).toMatchObject({
      event_type: 'paid',
      text: `{"correlation_id":"${CORRELATION}","event_id":"e-2","causation_id":"e-1","event_type":"paid","timestamp":"2025-10-18T10:45:00.000000Z","money":{"units":9007199254740993}}`,
      schema: schema(proto),
    });
    expect(shown.find(({ format }) => format === 'json schema')?.text).toContain('"big":12345678901234567890');
    expect(trace.events).toHaveLength(3);

    const { events } = await reads.events({ limit: 10, clock: 'stored' });
    expect(events.flatMap(({ reason }) => reason ?? []).sort()).toEqual([
      'schema mismatch',
      'uncorrelated',
      'unknown schema',
    ]);
    expect(trace.events.map(({ schema: said }) => [said.status, said.schema?.name]).sort()).toEqual([
      ['ok', `${NAME}-avro`],
      ['ok', `${NAME}-json`],
      ['ok', `${NAME}-proto`],
    ]);
  });

  it('name the schemas that they were held against, and say of one that cannot be used why', async () => {
    const names = await reads.registrySchemas();
    expect(names.schemas.map(({ name, version }) => [name, version])).toEqual([
      [`${NAME}-avro`, '1'],
      [`${NAME}-json`, '1'],
      [`${NAME}-proto`, '1'],
    ]);
    expect(names.broken).toEqual([
      { name: `${NAME}-broken (schema id ${brokenId})`, line: 2, reason: expect.stringContaining('type') },
    ]);
  });

  it('are in the log where their bytes do not fit, or where the registry does not have the schema they name', async () => {
    const { groups } = await reads.violations({ ...ALL_TIMES, limit: 10 });
    const found = groups.map(({ rule, path, schema, sentence }) => ({ rule, path, schema, sentence }));
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({
      ...{ rule: 'decode', path: '', sentence: 'the bytes do not fit the schema that they name' },
      schema: { name: `${NAME}-avro`, title: null, version: '1', origin: 'registry' },
    });
    expect(found).toContainEqual({
      ...{ rule: 'unknown_reference', path: '', schema: null },
      sentence: 'the record names the schema id 2000000000, which the registry does not have',
    });
  });

  it.skipIf(REAL_REGISTRY !== undefined)(
    'are held against the schemas that were kept, by a tap that began when the registry was gone',
    async () => {
      await tap.stop();
      await startTap();
      const body = { ...jsonBody(), correlation_id: randomUUID(), event_id: 'e-4', big: 0 };
      const other = { ...jsonBody(), correlation_id: randomUUID(), event_id: 'e-5', big: 0 };
      const values = [
        framed(jsonId, Buffer.from(JSON.stringify(body))),
        framed(900_000, Buffer.from(JSON.stringify(other))),
      ];
      await producer.send({ topic: `${NAME}-events`, messages: values.map((value) => ({ value })) });
      const groups = await until('the event to be in the log', async () => {
        const list = await reads.violations({ ...ALL_TIMES, limit: 10, eventType: 'shipped' });
        return list.groups.length > 0 ? list.groups : null;
      });
      expect(groups).toMatchObject([{ path: '/big', rule: 'minimum', count: 1, schema: { name: `${NAME}-json` } }]);
      const waiting = await until('the other event to be stored', async () => {
        const { events } = await reads.events({ limit: 10, clock: 'stored', reason: 'registry unreachable' });
        return events[0];
      });
      expect((await reads.event(waiting.id))?.schema).toEqual({
        ...{ status: 'unchecked', schema: null, errors: [], complete: true },
      });
    },
  );
});

function framed(id: number, value: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(id, 1);
  return Buffer.concat([prefix, value]);
}

function avroBytes(): Buffer {
  const total = Buffer.from([0x85, 0xee]);
  return avsc.Type.forSchema(AVRO as avsc.Schema).toBuffer({
    ...{ correlation_id: CORRELATION, event_id: 'e-1', event_type: 'placed', total, note: null },
  });
}

function protoBytes(): Uint8Array {
  const root = new protobuf.Root();
  root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto')?.nested ?? {});
  protobuf.parse(MONEY, root, { keepCase: true });
  const type = protobuf.parse(PROTO, root, { keepCase: true }).root.lookupType('shop.Paid');
  const body = { correlation_id: CORRELATION, event_id: 'e-2', causation_id: 'e-1', event_type: 'paid' };
  const timestamp = { seconds: Date.UTC(2025, 9, 18, 10, 45) / 1000 };
  return type.encode(type.fromObject({ ...body, timestamp, money: { units: '9007199254740993' } })).finish();
}

function jsonBody() {
  const ids = { correlation_id: CORRELATION, event_id: 'e-3', causation_id: 'e-2' };
  return { ...ids, event_type: 'shipped', timestamp: '2025-10-18T10:46:00Z', big: 'BIG' };
}

function configFor(databaseUrl: string, registryUrl: string) {
  const read = loadConfig({
    env: {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: testBrokers(),
      SCHEMAREGISTRY_URLS: registryUrl,
      TAP_START: 'beginning',
      TAP_GROUP_ID: NAME,
      THROUGHLINE_CONFIG: 'test.yaml',
    },
    workingDir: '/',
    platform: { platform: 'linux', home: '/', isRoot: false, xdgDataHome: undefined, xdgCacheHome: undefined },
    readFile: () => `topics:\n  include: ["${NAME}-.*"]\n`,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}
