import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { REASONS, type Reason } from '../../model/reason.ts';
import { micros } from '../../model/time.ts';
import type { RetentionPolicy } from '../../ports/retention-store.ts';
import { batchOf, eventOf, NOON, openStore, stitchAll, type TestStore } from '../store.test-support.ts';
import { createRetentionStore } from './retention-store.ts';

const DAY_US = 86_400_000_000;
const DAY_MS = 86_400_000;

/** 2026-03-01 is day 0 of these tests. */
const dayOf = (day: number) => new Date(NOON / 1000 + day * DAY_MS).toISOString().slice(0, 10);
const at = (day: number) => micros(NOON + day * DAY_US);
const ages = (payload: number, events: number, aggregates: number): RetentionPolicy => ({
  ageMs: { payload: payload * DAY_MS, events: events * DAY_MS, aggregates: aggregates * DAY_MS },
  payloadBytes: null,
  totalBytes: null,
});

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

/** Retention as it runs at noon of a day. */
const onDay = (day: number) =>
  createRetentionStore({ pool: store.pool, settle: stitchAll, now: () => NOON / 1000 + day * DAY_MS });

const daysOf = async (table: string) =>
  (
    await store.pool.query<{ day: string }>(
      `select c.relname as day from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = $1::regclass order by 1`,
      [table],
    )
  ).rows.map((row) => row.day.slice(table.length + 1));

test('each kind is kept as long as it says, and what has gone is said', async () => {
  const place = await store.topic('kept');
  const shared = { correlation: 'long', id: 'a' };
  await store.ingest.storeBatch(
    batchOf(
      place,
      [
        eventOf(place, 0n, shared),
        { ...eventOf(place, 1n, shared), bodyHash: 0n },
        eventOf(place, 2n, { correlation: 'short' }),
      ],
      at(0),
    ),
  );
  await store.ingest.storeBatch(
    batchOf(
      place,
      [
        eventOf(place, 3n, { correlation: null }),
        eventOf(place, 4n, { correlation: 'long', cause: 'a', at: NOON + 1e7 }),
      ],
      at(1),
    ),
  );
  await store.settleAll();
  const first = await onDay(3).expire(ages(2, 10, 40));
  expect(first).toMatchObject({ dropped: [{ keptAs: 'payload', day: dayOf(0), why: 'age' }], held: [], over: [] });
  expect(await daysOf('segment_bytes')).toEqual(['20260302']);
  expect(await store.reads.event('test/kept~1/0/0')).toMatchObject({ payload: null, payload_missing: 'expired' });
  expect(await store.reads.event('test/kept~1/0/4')).toMatchObject({ payload_missing: null });
  expect(await store.reads.trace({ id: 'long' }, { includePayload: true, limit: 9 })).toMatchObject({
    event_count: 2,
    expired_events: 0,
  });

  expect((await onDay(11).expire(ages(2, 10, 40)))?.dropped.map((each) => `${each.keptAs} ${each.day}`)).toEqual([
    `events ${dayOf(0)}`,
    `payload ${dayOf(1)}`,
  ]);
  expect(await daysOf('event')).toEqual(['20260302']);
  expect(await daysOf('hop')).toEqual(['20260302']);
  expect(await store.reads.event('test/kept~1/0/0')).toBe(null);
  expect(await store.reads.trace({ id: 'short' }, { includePayload: false, limit: 9 })).toBe(null);
  const long = await store.reads.trace({ id: 'long' }, { includePayload: false, limit: 9 });
  expect(long).toMatchObject({ event_count: 1, expired_events: 2, started_at: '2026-03-01T12:00:00.000000Z' });
  expect(long?.events).toHaveLength(1);
  const { rows: copies } = await store.pool.query('select from duplicate');
  expect(copies).toEqual([]);

  // Settled again, a trace still knows what it lost.
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 5n, { correlation: 'long', at: NOON + 2e7 })], at(11)));
  await store.settleAll();
  expect(await store.reads.trace({ id: 'long' }, { includePayload: false, limit: 9 })).toMatchObject({
    event_count: 2,
    expired_events: 2,
    started_at: '2026-03-01T12:00:00.000000Z',
  });

  // Counts go by whole months.
  expect((await onDay(60).expire(ages(2, 40, 41)))?.dropped).toEqual([
    expect.objectContaining({ keptAs: 'events', day: dayOf(1) }),
    expect.objectContaining({ keptAs: 'payload', day: dayOf(11) }),
    expect.objectContaining({ keptAs: 'events', day: dayOf(11) }),
  ]);
  expect((await onDay(72).expire(ages(2, 40, 41)))?.dropped).toEqual([
    expect.objectContaining({ keptAs: 'aggregates', day: '2026-03-01' }),
  ]);
  const { rows } = await store.pool.query(
    `select kept_as, day::text, records, uncorrelated, why from expired_day where dropped_at is not null
     order by kept_as, day`,
  );
  expect(rows).toEqual([
    { kept_as: 'aggregates', day: '2026-03-01', records: '6', uncorrelated: '1', why: 'age' },
    { kept_as: 'events', day: '2026-03-01', records: '3', uncorrelated: '0', why: 'age' },
    { kept_as: 'events', day: '2026-03-02', records: '2', uncorrelated: '1', why: 'age' },
    { kept_as: 'events', day: '2026-03-12', records: '1', uncorrelated: '0', why: 'age' },
    { kept_as: 'payload', day: '2026-03-01', records: '3', uncorrelated: '0', why: 'age' },
    { kept_as: 'payload', day: '2026-03-02', records: '2', uncorrelated: '1', why: 'age' },
    { kept_as: 'payload', day: '2026-03-12', records: '1', uncorrelated: '0', why: 'age' },
  ]);
  const { rows: types } = await store.pool.query('select from accompanied_type');
  expect(types).toHaveLength(1);
});

test('by size the oldest days go until the rest fits, what is still written to stays', async () => {
  const place = await store.topic('sized');
  const day = 100;
  for (const each of [0, 1, 2, 3]) {
    const events = Array.from({ length: 20 }, (_, index) =>
      eventOf(place, BigInt(each * 20 + index), {
        value: Buffer.from(Array.from({ length: 3000 }, Math.random).join()),
      }),
    );
    await store.ingest.storeBatch(batchOf(place, events, at(day + each)));
  }
  await store.settleAll();
  const { rows } = await store.pool.query<{ bytes: number }>(
    `select pg_total_relation_size('segment_bytes_' || $1)::int as bytes`,
    [dayOf(day + 1).replaceAll('-', '')],
  );
  const payloadBytes = 2.5 * (rows[0]?.bytes ?? 0);
  const report = await onDay(day + 3).expire({ ...ages(30, 30, 400), payloadBytes });
  expect(report).toMatchObject({
    dropped: [0, 1].map((each) => ({ keptAs: 'payload', day: dayOf(day + each), why: 'payload size' })),
    over: [],
  });
  const all = await onDay(day + 3).expire({ ...ages(30, 30, 400), totalBytes: 1 });
  expect(all?.dropped.map((each) => `${each.keptAs} ${each.day} ${each.why}`)).toEqual([
    `events ${dayOf(day)} total size`,
    `events ${dayOf(day + 1)} total size`,
    `payload ${dayOf(day + 2)} total size`,
    `events ${dayOf(day + 2)} total size`,
  ]);
  expect(all?.over).toEqual(['total size']);
});

test('one process at a time', async () => {
  const client = new pg.Client({ connectionString: store.database.url });
  await client.connect();
  await client.query('select pg_advisory_lock(7205, 0)');
  expect(await onDay(103).expire(ages(1, 1, 400))).toBe(null);
  await client.end();
});

test('a day goes while batches are stored and lists are read all the time, and none of them waits for it', async () => {
  const place = await store.topic('running');
  const day = 200;
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation: 'old' })], at(day)));
  await store.settleAll();
  // A transaction that has read the table stays open: the drop must wait for it, and nobody for the drop.
  const reader = new pg.Client({ connectionString: store.database.url });
  await reader.connect();
  await reader.query('begin isolation level repeatable read read only');
  for (const table of ['event', 'segment', 'segment_bytes', 'hop']) await reader.query(`select count(*) from ${table}`);
  // Whoever waits a second for a lock fails: the busy ones below would, if they had to wait for the drop.
  await store.pool.query(`alter database ${new URL(store.database.url).pathname.slice(1)} set lock_timeout = '1s'`);
  const busy = new pg.Pool({ connectionString: store.database.url, max: 2 });
  const expiring = onDay(day + 5).expire(ages(1, 1, 400));
  const waiting = async () =>
    (
      await store.pool.query(`select from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and query like 'alter table%detach%'`)
    ).rows.length > 0;
  await until('the drop to wait for the reader', waiting);
  let offset = 1n;
  for (let i = 0; i < 20; i++, offset++) {
    expect(await store.ingest.storeBatch(batchOf(place, [eventOf(place, offset)], at(day + 5)))).toEqual({
      kind: 'stored',
    });
    await busy.query('select count(*) from event');
    await store.reads.events({ clock: 'stored', limit: 5 });
    await busy.query(`select ensure_stored_day('${dayOf(day + 6 + i)}')`);
  }
  expect(await waiting()).toBe(true);
  await reader.query('rollback');
  await reader.end();
  expect(await expiring).toMatchObject({ held: [] });
  expect(await daysOf('event')).not.toContain(dayOf(day).replaceAll('-', ''));
  expect(await daysOf('event')).toContain(dayOf(day + 5).replaceAll('-', ''));
  await busy.end();
});

test('a drop that was cut short is finished by the next', async () => {
  const place = await store.topic('cut-short');
  const day = 300;
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n)], at(day)));
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 1n)], at(day + 1)));
  const name = dayOf(day).replaceAll('-', '');
  const policy = ages(1, 1, 400);
  await store.pool.query(
    `insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
     select 1, k, $1, 1, 0, 0, 0, 'age' from unnest(array['payload', 'events']) k`,
    [dayOf(day)],
  );
  // One is detached, one is gone, one has only begun to leave.
  await store.pool.query(`alter table segment_bytes detach partition segment_bytes_${name} concurrently`);
  await store.pool.query(`drop table hop_${name}`);
  const reader = new pg.Client({ connectionString: store.database.url });
  await reader.connect();
  await reader.query('begin');
  await reader.query('select count(*) from event');
  const detaching = new pg.Client({ connectionString: store.database.url });
  await detaching.connect();
  await detaching.query(`set statement_timeout = '200ms'`);
  await expect(detaching.query(`alter table event detach partition event_${name} concurrently`)).rejects.toMatchObject({
    code: '57014',
  });
  await detaching.end();
  await reader.query('rollback');
  await reader.end();
  const report = await onDay(day + 3).expire(policy);
  expect(report?.held).toEqual([]);
  for (const table of ['event', 'segment', 'segment_bytes', 'hop']) expect(await daysOf(table)).not.toContain(name);
});

test('every reason leaves the totals with its day, those that were added later too', async () => {
  const other = await openStore();
  try {
    const place = await other.topic('reasons');
    const reasons = Object.keys(REASONS) as Reason[];
    const events = reasons.map((reason, index) => ({
      ...eventOf(place, BigInt(index), { correlation: null }),
      reason,
    }));
    await other.ingest.storeBatch(batchOf(place, events, at(0)));
    await createRetentionStore({ pool: other.pool, settle: stitchAll, now: () => NOON / 1000 + 20 * DAY_MS }).expire(
      ages(2, 10, 400),
    );
    const { totals } = await other.reads.coverage({ from: at(0), to: at(1) });
    expect(totals).toMatchObject({ stored: '0', undecodable: '0', uncorrelated: '0', expired: `${reasons.length}` });
  } finally {
    await other.close();
  }
});
