import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createPreparer } from '../../ingest/prepare-records.ts';
import type { SourceRecord } from '../../model/record.ts';
import { micros, millis } from '../../model/time.ts';
import { createReading } from '../../pipeline/reading.ts';
import { createSchemaChecks } from '../../pipeline/schema-checks.ts';
import { schemaSetDigest } from '../../pipeline/schema-identity.ts';
import { buildSchemaSet } from '../../schema/schema-set.ts';
import { readOtherSchemas } from '../read/other-schemas.ts';
import { NOON, openStore, type TestStore } from '../store.test-support.ts';
import { registerRules } from '../write/register-rules.ts';
import { createReResolveStore } from './re-resolve-store.ts';
import { dump, jobRow, settleWhole } from './stored-history.test-support.ts';

const DAY_US = 86_400_000_000;
const READING = createReading([]);
const TYPES = ['order.placed', 'order.paid', 'order.lost'] as const;

/** What schema files may say; a set has at most one of each type. */
const RULES = {
  nothing: {},
  amount: { required: ['amount'] },
  integer: { required: ['amount'], properties: { amount: { type: 'integer' } } },
  currency: { properties: { currency: { enum: ['EUR', 'USD'] }, amount: { minimum: 1 } } },
} as const;

/** Per event type what its schema says; null for a type without one. */
type Said = Readonly<Record<(typeof TYPES)[number], keyof typeof RULES | null>>;

interface Body {
  readonly type: (typeof TYPES)[number];
  readonly trace: number;
  readonly amount?: unknown;
  readonly currency?: unknown;
}

const open: TestStore[] = [];
afterEach(async () => {
  while (open.length > 0) await open.pop()?.close();
});

async function newStore(): Promise<TestStore> {
  const store = await openStore();
  open.push(store);
  return store;
}

/** The pipeline with some schemas, as a tap that begins with them has it. */
async function begin(store: TestStore, said: Said) {
  const set = buildSchemaSet(
    TYPES.flatMap((type) => {
      const rules = said[type];
      if (rules === null) return [];
      const text = JSON.stringify({ 'x-throughline': { event_types: [type] }, type: 'object', ...RULES[rules] });
      return [{ name: `${type}.json`, text, origin: 'operator' as const }];
    }),
  );
  expect(set.broken).toEqual([]);
  const version = await registerRules(store.pool, 1, {
    ...{ digest: READING.digest, schemas: schemaSetDigest(set), dialects: [] },
  });
  const resolverVersion = async () => version;
  return {
    prepare: createPreparer({ workspaceId: 1, reading: READING, resolverVersion, check: createSchemaChecks(set) }),
    jobs: () => createReResolveStore({ pool: store.pool, workspaceId: 1, resolverVersion }),
  };
}

type Running = Awaited<ReturnType<typeof begin>>;

function recordOf(body: Body, offset: number): SourceRecord {
  const { type, trace, ...rest } = body;
  const value = { event_type: type, correlation_id: `c-${trace}`, event_id: `e-${offset}`, service: 'shop', ...rest };
  return {
    ...{ offset: BigInt(offset), key: null, headers: [], timestampType: 'CreateTime' },
    value: Buffer.from(JSON.stringify(value)),
    timestampMs: millis(NOON / 1000 + offset),
  };
}

/** Stores records of some topics, ten at a time, the later half a day later. */
async function ingest(store: TestStore, { prepare }: Running, bodies: readonly Body[], topics: readonly string[]) {
  for (const topic of topics) {
    const place = await store.topic(topic);
    const incarnation = { id: place.incarnationId, cluster: 'test', topic, n: 1 };
    for (let from = 0; from < bodies.length; from += 10) {
      const records = bodies.slice(from, from + 10).map((body, index) => recordOf(body, from + index));
      const events = await prepare(records, { incarnation, partition: 0 });
      const next = BigInt(from + records.length);
      const answer = await store.ingest.storeBatch({
        ...{ ...place, events, owner: null, leaderEpoch: null, highWatermark: next },
        ...{ expectedOffset: BigInt(from), nextOffset: next },
        storedAt: micros(NOON + (from * 2 >= bodies.length ? DAY_US : 0)),
      });
      expect(answer).toEqual({ kind: 'stored' });
    }
  }
  await settleWhole(store);
}

async function request(store: TestStore): Promise<string> {
  const { rows } = await store.pool.query<{ id: string }>(
    `insert into job (workspace_id, kind, scope) values (1, 're-resolve', 'other schemas') returning id::text`,
  );
  return rows[0]?.id ?? '';
}

async function run({ jobs, prepare }: Running, id: string): Promise<void> {
  expect(await jobs().begin(id)).toBe('running');
  while ((await jobs().step(id, prepare)) === 'working');
}

/** The process dies with its chunk read, and again with half of its statements sent; true when it did. */
async function dieTwice(store: TestStore, { jobs, prepare }: Running, id: string): Promise<boolean> {
  const died = (work: Promise<unknown>) =>
    work.then(
      () => false,
      () => true,
    );
  const reading = await died(jobs().step(id, () => Promise.reject(new Error('killed'))));
  await store.pool.query(`create function die() returns trigger language plpgsql as
    $$ begin raise exception 'planted' using errcode = '58000'; end $$`);
  await store.pool.query(`create trigger die before insert on dialect_count for each row
    when (new.writer = '${id}') execute function die()`);
  const writing = await died(jobs().step(id, prepare));
  await store.pool.query('drop function die cascade');
  return reading && writing;
}

const BEFORE: Said = { 'order.placed': 'amount', 'order.paid': 'integer', 'order.lost': null };
const NOW: Said = { 'order.placed': null, 'order.paid': 'currency', 'order.lost': 'integer' };
const MIXED: readonly Body[] = Array.from({ length: 120 }, (_, n) => ({
  type: TYPES[n % 3] ?? 'order.lost',
  trace: n % 11,
  ...(n % 4 !== 0 && { amount: n % 5 === 0 ? 'much' : n - 20 }),
  ...(n % 7 !== 0 && { currency: n % 2 === 0 ? 'EUR' : 'GBP' }),
}));

test('a job that is killed at every chunk makes of a history what a fresh ingest with the new schemas stores', async () => {
  const [stored, fresh] = [await newStore(), await newStore()];
  const topics = ['orders', 'payments'];
  await ingest(stored, await begin(stored, BEFORE), MIXED, topics);
  await ingest(fresh, await begin(fresh, NOW), MIXED, topics);
  const was = await dump(stored);
  const now = await begin(stored, NOW);
  expect(await readOtherSchemas(stored.pool, 1)).toEqual({ events: 240n, unreachable: 0n });
  const id = await request(stored);
  expect(await now.jobs().begin(id)).toBe('running');
  let deaths = 0;
  for (let outcome = 'working'; outcome === 'working'; ) {
    if (await dieTwice(stored, now, id)) deaths += 1;
    outcome = (await now.jobs().begin(id)) === 'running' ? await now.jobs().step(id, now.prepare) : 'done';
    await settleWhole(stored);
  }
  expect(deaths).toBeGreaterThanOrEqual(3);
  const is = await dump(stored);
  expect(is).toEqual(await dump(fresh));
  expect(is.violation).not.toEqual(was.violation);
  expect(is.violations?.length).toBeGreaterThan(0);
  expect(await jobRow(stored, id)).toMatchObject({ state: 'done', done: 240, total: 240, message: null });
  expect(await readOtherSchemas(stored.pool, 1)).toEqual({ events: 0n, unreachable: 0n });
}, 120_000);

const said = fc.record({
  'order.placed': fc.constantFrom(null, 'nothing', 'amount', 'integer', 'currency'),
  'order.paid': fc.constantFrom(null, 'nothing', 'amount', 'integer', 'currency'),
  'order.lost': fc.constantFrom(null, 'integer', 'currency'),
}) satisfies fc.Arbitrary<Said>;
const body = fc.record(
  {
    type: fc.constantFrom(...TYPES),
    trace: fc.integer({ min: 0, max: 4 }),
    amount: fc.constantFrom(0, 1, 2.5, '3', null),
    currency: fc.constantFrom('EUR', 'GBP', 4),
  },
  { requiredKeys: ['type', 'trace'] },
);

test('whatever the schemas were and are, and whatever the events, it ends as a fresh ingest', async () => {
  await fc.assert(
    fc.asyncProperty(said, said, fc.array(body, { minLength: 1, maxLength: 40 }), async (before, now, bodies) => {
      const [stored, fresh] = [await newStore(), await newStore()];
      await ingest(stored, await begin(stored, before), bodies, ['orders']);
      await ingest(fresh, await begin(fresh, now), bodies, ['orders']);
      await run(await begin(stored, now), await request(stored));
      await settleWhole(stored);
      expect(await dump(stored)).toEqual(await dump(fresh));
      while (open.length > 0) await open.pop()?.close();
    }),
    { numRuns: 5 },
  );
}, 120_000);

test('events whose payload has expired keep the version that checked them, and are counted', async () => {
  const store = await newStore();
  await ingest(store, await begin(store, BEFORE), MIXED, ['orders']);
  await store.pool.query(`insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
    values (1, 'payload', '2026-03-01', 60, 0, 0, 0, 'age')`);
  const now = await begin(store, NOW);
  expect(await readOtherSchemas(store.pool, 1)).toEqual({ events: 120n, unreachable: 60n });
  const id = await request(store);
  await run(now, id);
  expect(await jobRow(store, id)).toMatchObject({ state: 'done', done: 60 });
  expect(await readOtherSchemas(store.pool, 1)).toEqual({ events: 60n, unreachable: 60n });
  const { rows } = await store.pool.query(
    'select stored_day::text as day, count(distinct resolver_version)::int as versions, min(resolver_version) <> max(resolver_version) as mixed from event group by 1 order by 1',
  );
  expect(rows).toEqual([
    { day: '2026-03-01', versions: 1, mixed: false },
    { day: '2026-03-02', versions: 1, mixed: false },
  ]);
});

test('other schemas alone make no event older by its rules, and rules alone none by its schemas', async () => {
  const store = await newStore();
  await ingest(store, await begin(store, BEFORE), MIXED.slice(0, 10), ['orders']);
  await begin(store, NOW);
  const range = { from: NOON, to: micros(NOON + DAY_US) };
  expect((await store.reads.dialects(range)).rules.older).toBe('0');
  expect(await readOtherSchemas(store.pool, 1)).toMatchObject({ events: 10n });
  await begin(store, BEFORE);
  expect(await readOtherSchemas(store.pool, 1)).toMatchObject({ events: 0n });
  await registerRules(store.pool, 1, { digest: 'other dialects', schemas: '', dialects: [] });
  expect((await store.reads.dialects(range)).rules.older).toBe('10');
});
