import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RegistryStandIn, startRegistryStandIn } from '../../e2e/support/registry-stand-in.ts';
import { createPreparer, type PrepareRecords } from '../ingest/prepare-records.ts';
import type { SourceRecord } from '../model/record.ts';
import { micros, millis } from '../model/time.ts';
import { createReading } from '../pipeline/reading.ts';
import { createSchemaChecks } from '../pipeline/schema-checks.ts';
import { buildSchemaSet } from '../schema/schema-set.ts';
import { createRegistry } from '../source/registry/create-registry.ts';
import { createSchemaSource } from '../source/registry/create-schema-source.ts';
import { createReResolveStore } from '../store/re-resolve/re-resolve-store.ts';
import { createSchemaStore } from '../store/schemas/schema-store.ts';
import { batchOf, NOON, openStore, type TestStore } from '../store/store.test-support.ts';
import { createRegistryReturns, type RegistryReturns } from './registry-returns.ts';

const SCHEMA = { title: 'Paid', properties: { amount: { type: 'integer' } } };
const ALL_TIMES = { from: micros(0), to: micros(4_000_000_000_000_000) };

let store: TestStore;
let standIn: RegistryStandIn;
let returns: RegistryReturns;
let prepare: PrepareRecords;
let closeRegistry = () => {};
let now = 0;
let asked = 0;

beforeAll(async () => {
  store = await openStore();
  standIn = await startRegistryStandIn();
  await fetch(`${standIn.url}/subjects/orders-value/versions`, {
    method: 'POST',
    body: JSON.stringify({ schema: JSON.stringify(SCHEMA), schemaType: 'JSON' }),
  });
  const clock = { now: () => millis(now) };
  const registry = createRegistry({ urls: [standIn.url], signIn: null, tls: {} }, clock);
  closeRegistry = () => registry.close();
  returns = createRegistryReturns({
    source: createSchemaSource({ registry, store: createSchemaStore(store), clock }),
    eventsWait: async () => false,
    readAgain: async () => {
      asked += 1;
      return true;
    },
  });
  prepare = createPreparer({
    workspaceId: 1,
    reading: createReading([]),
    resolverVersion: async () => 1,
    schemas: returns.source,
    check: createSchemaChecks(buildSchemaSet([])),
  });
});
afterAll(async () => {
  closeRegistry();
  await standIn.stop();
  await store.close();
});

/** A value behind the five bytes that name a schema. */
function record(offset: bigint, id: number, body: object): SourceRecord {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(id, 1);
  const value = Buffer.concat([prefix, Buffer.from(JSON.stringify({ correlation_id: 'c', ...body }))]);
  const timestampMs = millis(NOON / 1000 + Number(offset));
  return { offset, key: null, value, headers: [], timestampMs, timestampType: 'CreateTime' };
}

it('events whose registry was away are unchecked, with the reason, and what they would have been once it is back', async () => {
  const place = await store.topic('orders');
  const incarnation = { id: place.incarnationId, cluster: 'c', topic: 'orders', n: 1 };
  standIn.setAway(true);
  const records = [record(0n, 1, { amount: 1 }), record(1n, 1, { amount: '1' }), record(2n, 999, { amount: 1 })];
  const events = await prepare(records, { incarnation, partition: place.partition });
  expect(events.map(({ reason, check }) => [reason, check.status])).toEqual(
    records.map(() => ['registry unreachable', 'unchecked']),
  );
  await store.ingest.storeBatch(batchOf(place, events));
  expect((await store.reads.violations({ ...ALL_TIMES, limit: 10 })).counts).toMatchObject({ unchecked: '3' });
  await returns.look();
  expect(asked).toBe(0);

  standIn.setAway(false);
  now += 60_000;
  await returns.look();
  expect(asked).toBe(1);
  const { rows } = await store.pool.query<{ id: string }>(
    `insert into job (workspace_id, kind, scope) values (1, 're-resolve', 'registry unreachable') returning id::text`,
  );
  const id = rows[0]?.id ?? '';
  const job = createReResolveStore({ pool: store.pool, workspaceId: 1, resolverVersion: async () => 1 });
  expect(await job.begin(id)).toBe('running');
  while ((await job.step(id, prepare)) === 'working');

  const { counts, groups } = await store.reads.violations({ ...ALL_TIMES, limit: 10 });
  expect(counts).toEqual({ ok: '1', violation: '1', unknown_reference: '1', unchecked: '0' });
  expect(groups.map(({ path, rule, count, schema }) => [path, rule, count, schema?.name ?? null]).sort()).toEqual([
    ['', 'unknown_reference', 1, null],
    ['/amount', 'type', 1, 'orders-value'],
  ]);
  const fresh = await prepare(records, { incarnation, partition: place.partition });
  expect(fresh.map(({ check }) => check.status)).toEqual(['ok', 'violation', 'unknown_reference']);
});
