import { randomUUID } from 'node:crypto';
import { Kafka } from 'kafkajs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { testBrokers } from '../../e2e/support/test-kafka.ts';
import { until } from '../../e2e/support/until.ts';
import { loadConfig } from '../config/load-config.ts';
import { BUILT_IN_DIALECTS } from '../envelope/built-in/built-in-dialects.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { pointerKeys } from '../model/json-pointer.ts';
import { millis, millisToMicros } from '../model/time.ts';
import { foldedPath } from '../model/violation-group.ts';
import type { ViolationEvent } from '../model/violation-wire.ts';
import { createReading } from '../pipeline/reading.ts';
import type { Reads } from '../ports/reads.ts';
import type { CompiledSchema } from '../schema/compile-schema.ts';
import { lookUp } from '../schema/look-up.ts';
import { type Mutation, mutationsOf } from '../schema/mutations.test-support.ts';
import { SHIPPED_EVENTS } from '../schema/shipped-events.test-support.ts';
import { createReads } from '../store/read/reads.ts';
import { createSchemaStore } from '../store/schemas/schema-store.ts';
import { buildSource } from './build-source.ts';
import { createRecordReader } from './record-reader.ts';
import { readSchemasInForce, type SchemasInForce } from './schemas/schemas-in-force.ts';
import { createTap, type Tap } from './tap.ts';

const NAME = `shipped-${randomUUID().slice(0, 8)}`;
const EVENTS = `${NAME}-events`;
/** Most mutations that one schema is tried with. */
const MOST = 24;
const ALL_TIMES = { from: millisToMicros(millis(0)), to: millisToMicros(millis(Date.UTC(2100, 0))) };

/** What is produced: an event that fits, or one with a single thing wrong with it. */
interface Produced {
  readonly schema: CompiledSchema;
  readonly topic: string;
  readonly offset: number;
  readonly eventType: string;
  /** Null for the event that fits. */
  readonly mutation: Mutation | null;
}

/** An event that fits a schema, on a topic where nothing but that schema is for it. */
function fittingEvent({ document: { id, purpose } }: CompiledSchema): { readonly topic: string; readonly body: Json } {
  const shipped = SHIPPED_EVENTS[id] ?? null;
  const [type] = purpose.eventTypes;
  const [ownTopic] = purpose.topics;
  if (!isJsonObject(shipped)) throw new Error(`no event fits ${id}`);
  // What describes an envelope alone says nothing of what is in it: something has to be.
  const stamp = SHIPPED_EVENTS['omninode/metadata-stamp-created'] ?? null;
  if (type === undefined && isJsonObject(stamp)) {
    return {
      topic: EVENTS,
      body: { ...shipped, event_type: 'METADATA_STAMP_CREATED', payload: stamp.payload ?? null },
    };
  }
  if ('event_type' in shipped && type !== undefined) return { topic: EVENTS, body: { ...shipped, event_type: type } };
  // These say what they are by their topic alone. The environment keeps them apart from other files.
  return { topic: `sandbox.${ownTopic}`, body: shipped };
}

/** The body itself, its type, and where its payload lies. */
const SAYS_WHICH = new Set(['', '/event_type', '/payload']);

/** True for a field without which an envelope is not known to be of its dialect. */
function isKnownBy(dialects: readonly string[], path: string): boolean {
  return BUILT_IN_DIALECTS.some(({ name, when }) => dialects.includes(name) && when.includes(`body has ${path}`));
}

/** Mutations of as many rules as there are, without those that change which schema the event follows. */
function tellingMutations({ document }: CompiledSchema, body: Json): readonly Mutation[] {
  const at = document.purpose.at.find((pointer) => lookUp(body, pointerKeys(pointer)) !== undefined) ?? '';
  const all = mutationsOf(document.root, body, pointerKeys(at)).filter(
    ({ path, rule }) => !SAYS_WHICH.has(path) && !(rule === 'required' && isKnownBy(document.purpose.dialects, path)),
  );
  const seen = new Map<string, number>();
  const nth = new Map(
    all.map((mutation) => {
      const before = seen.get(mutation.rule) ?? 0;
      seen.set(mutation.rule, before + 1);
      return [mutation, before];
    }),
  );
  return all.sort((a, b) => (nth.get(a) ?? 0) - (nth.get(b) ?? 0)).slice(0, MOST);
}

describe('events of every schema that is shipped, produced to a real broker', () => {
  const kafka = new Kafka({ clientId: NAME, brokers: [testBrokers()], logLevel: 0 });
  let schemas: SchemasInForce;
  let database: TestDatabase;
  let pool: pg.Pool;
  let reads: Reads;
  let tap: Tap;
  const produced: Produced[] = [];
  const log = new Map<string, ViolationEvent>();

  beforeAll(async () => {
    schemas = await readSchemasInForce([]);
    database = await testDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: 3 });
    reads = createReads({
      ...{ pool, workspaceId: 1, declaredFlows: [], fields: [], episodeGapMs: 1000 },
      clock: { now: () => millis(Date.now()) },
      openReader: createRecordReader(createReading([]), createSchemaStore({ pool })),
    });
    const values = new Map<string, string[]>();
    for (const schema of schemas.set.schemas) {
      const { topic, body } = fittingEvent(schema);
      for (const mutation of [null, ...tellingMutations(schema, body)]) {
        const list = values.get(topic) ?? [];
        const sent = mutation?.body ?? body;
        const eventType = isJsonObject(sent) && typeof sent.event_type === 'string' ? sent.event_type : '';
        produced.push({ schema, topic, offset: list.length, eventType, mutation });
        values.set(topic, [...list, JSON.stringify(sent)]);
      }
    }
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [...values.keys()].map((topic) => ({ topic, numPartitions: 1 })) });
    await admin.disconnect();
    const producer = kafka.producer();
    await producer.connect();
    for (const [topic, list] of values) await producer.send({ topic, messages: list.map((value) => ({ value })) });
    await producer.disconnect();
    const config = configFor(database.url, [...values.keys()]);
    tap = createTap(config, { databaseUrl: database.url, source: buildSource(config), schemas, say: () => {} });
    await tap.start();
    await until('every event to be stored', async () => {
      const { rows } = await pool.query<{ n: string }>('select count(*) as n from event');
      return Number(rows[0]?.n) === produced.length;
    });
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await reads.violationEvents({ ...ALL_TIMES, limit: 200, ...(cursor !== undefined && { cursor }) });
      for (const event of page.violations) log.set(`${event.topic}/${event.offset}`, event);
      cursor = page.next_cursor;
    }
  });

  afterAll(async () => {
    await tap?.stop();
    await pool?.end();
    await database?.drop();
  });

  it('are in the log where one thing is wrong with them, at its path and rule, by that schema', () => {
    const lost = produced.flatMap(({ schema, topic, offset, mutation }) => {
      if (mutation === null) return [];
      const errors = log.get(`${topic}/${offset}`)?.errors ?? [];
      const found = errors.some(
        ({ path, rule, schema: by }) =>
          path === mutation.path && rule === mutation.rule && by?.name === schema.document.name,
      );
      const seen = errors.map((error) => `${error.path} ${error.rule} ${error.schema?.name}`);
      return found ? [] : [`${schema.document.id} ${mutation.path} ${mutation.rule}: ${seen.join(', ') || 'nothing'}`];
    });
    expect(lost).toEqual([]);
    for (const schema of schemas.set.schemas) {
      const own = produced.filter((each) => each.schema === schema && each.mutation !== null);
      expect([schema.document.id, own.length >= 5]).toEqual([schema.document.id, true]);
    }
    const rules = new Set(produced.map(({ mutation }) => mutation?.rule));
    expect([...rules]).toEqual(expect.arrayContaining(['required', 'type', 'minimum', 'maximum', 'pattern', 'enum']));
  });

  it('are ok, and not in the log, where nothing is wrong with them', async () => {
    const clusterId = await pool.query<{ kafka_id: string }>('select kafka_id from cluster');
    for (const { topic, offset, schema, mutation } of produced) {
      if (mutation !== null) continue;
      expect([schema.document.id, log.get(`${topic}/${offset}`)]).toEqual([schema.document.id, undefined]);
      const event = await reads.event(`${clusterId.rows[0]?.kafka_id}/${topic}~1/0/${offset}`);
      const isEnvelope = schema.document.purpose.dialects.length > 0;
      expect(event?.schema).toMatchObject({
        status: 'ok',
        schema: { name: isEnvelope ? 'omninode/metadata-stamp-created.json' : schema.document.name },
        errors: [],
      });
    }
  });

  it('make groups by their type, path and rule, and are counted', async () => {
    const list = await reads.violations({ ...ALL_TIMES, limit: 1 });
    expect(list.counts).toEqual({
      ok: `${schemas.set.schemas.length}`,
      violation: `${produced.length - schemas.set.schemas.length}`,
      unknown_reference: '0',
      unchecked: '0',
    });
    for (const schema of schemas.set.schemas) {
      const own = produced.filter((each) => each.schema === schema && each.mutation !== null && each.eventType !== '');
      const types = new Set(own.map(({ eventType }) => eventType));
      for (const eventType of types) {
        const { groups } = await reads.violations({ ...ALL_TIMES, limit: 1, eventType });
        const found = groups.map(({ path, rule }) => `${path} ${rule}`);
        const wanted = own.flatMap(({ mutation }) => (mutation === null ? [] : [groupedAs(mutation)]));
        expect([eventType, found]).toEqual([eventType, expect.arrayContaining(wanted)]);
      }
    }
  });
});

function groupedAs({ path, rule }: Mutation): string {
  return `${foldedPath(path)} ${rule}`;
}

function configFor(databaseUrl: string, topics: readonly string[]) {
  const read = loadConfig({
    env: {
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: testBrokers(),
      TAP_START: 'beginning',
      TAP_GROUP_ID: NAME,
      THROUGHLINE_CONFIG: 'test.yaml',
    },
    workingDir: '/',
    platform: { platform: 'linux', home: '/', isRoot: false, xdgDataHome: undefined, xdgCacheHome: undefined },
    readFile: () => JSON.stringify({ topics: { include: topics } }),
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}
