import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { traceKey } from '../../model/trace-key.ts';
import { SHARDS, shardOf } from '../../ports/settle-store.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { allSums, bruteForceSums, storedSums } from '../settle/sums.test-support.ts';
import {
  batchOf,
  type EventSketch,
  eventOf,
  NOON,
  openStore,
  stitchAll,
  type TestStore,
} from '../store.test-support.ts';
import { breaks, errorAt } from '../violations.test-support.ts';
import { at, dayOf, decide, drop, seal } from './seal.test-support.ts';

let store: TestStore;
let place: TopicPartition;
let next = 0n;
beforeAll(async () => {
  store = await openStore();
  place = await store.topic('orders');
});
afterAll(() => store.close());
beforeEach(async () => {
  for (const table of ['hop', 'event', 'trace', 'duplicate', 'dirty_mark', 'expired_day'])
    await store.pool.query(`truncate ${table}`);
  for (const table of ['hop_by_minute', 'hop_by_hour', 'hop_by_day']) await store.pool.query(`truncate ${table}`);
});
/** Whatever a test does, live sums are those of what is not sealed. */
afterEach(async () => {
  await store.settleAll();
  expect(await storedSums(store.pool)).toEqual(await bruteForceSums(store.pool));
});

async function storeOn(day: number, sketches: readonly EventSketch[], bodyHash?: bigint): Promise<void> {
  const events = sketches.map((sketch, index) => {
    const event = eventOf(place, next + BigInt(index), { correlation: 'c', ...sketch });
    return bodyHash === undefined ? event : { ...event, bodyHash };
  });
  next += BigInt(events.length);
  await store.pool.query('select ensure_stored_day($1::date)', [dayOf(day)]);
  await store.ingest.storeBatch(batchOf(place, events, at(day)));
}

async function sealed(day: number): Promise<void> {
  await decide(store, day);
  expect(await seal(store, day)).toBe(true);
}

/** Effects of a kind over all time, live and sealed: 0 hops, 1 flows, 2 replies. */
async function effects(kind: number): Promise<{ live: number; sealed: number }> {
  const { rows } = await store.pool.query<{ live: number; sealed: number }>(
    `select coalesce(sum(effects) filter (where not d.sealed), 0)::int as live,
       coalesce(sum(effects) filter (where d.sealed), 0)::int as sealed
     from hop_by_day d join series s on s.id = d.series_id where s.kind = $1`,
    [kind],
  );
  return rows[0] ?? { live: 0, sealed: 0 };
}

test('a hop whose cause goes stays as it was, also when its trace goes on and is settled again', async () => {
  await storeOn(0, [{ id: 'a', at: NOON }]);
  await storeOn(1, [{ id: 'b', cause: 'a', at: NOON + 1000 }]);
  await store.settleAll();
  const before = await allSums(store.pool);
  await sealed(0);
  await drop(store, 0);
  expect(await allSums(store.pool)).toEqual(before);
  expect(await effects(0)).toEqual({ live: 0, sealed: 2 });
  await storeOn(2, [{ id: 'c', cause: 'b', at: NOON + 3000 }]);
  await store.settleAll();
  expect(await effects(0)).toEqual({ live: 1, sealed: 2 });
  const { rows } = await store.pool.query('select hop_us, sealed from hop where ordinal = 0 order by hop_us');
  expect(rows).toEqual([
    { hop_us: '1000', sealed: true },
    { hop_us: '2000', sealed: false },
  ]);
});

test('the flow of an episode is counted once, though it lost its begin and ends later now', async () => {
  await storeOn(0, [{ id: 'a', at: NOON }]);
  await storeOn(1, [
    { id: 'b', cause: 'a', at: NOON + 1000 },
    { id: 'c', cause: 'b', at: NOON + 2000 },
  ]);
  await store.settleAll();
  await sealed(0);
  await storeOn(2, [{ id: 'd', cause: 'c', at: NOON + 3000 }]);
  await store.settleAll();
  expect(await effects(1)).toEqual({ live: 0, sealed: 1 });
});

test('a copy of an event that is gone is not counted in its place', async () => {
  await storeOn(0, [{ id: 'a', at: NOON }], 7n);
  await storeOn(1, [{ id: 'a', at: NOON + 5 }], 7n);
  await storeOn(1, [{ id: 'b', cause: 'a', at: NOON + 1000 }]);
  await store.settleAll();
  expect(await effects(0)).toEqual({ live: 2, sealed: 0 });
  await sealed(0);
  await drop(store, 0);
  await storeOn(2, [{ id: 'c', cause: 'b', at: NOON + 3000 }]);
  await store.settleAll();
  expect(await effects(0)).toEqual({ live: 1, sealed: 2 });
});

test('what a trace loses leaves its counts of violations and dead letters too', async () => {
  const both = { check: breaks(errorAt('/a')), deadLetter: {} };
  await storeOn(0, [{ id: 'a', at: NOON, ...both }], 7n);
  await storeOn(0, [{ id: 'b', at: NOON + 1000, check: breaks(errorAt('/a')) }]);
  await storeOn(1, [{ id: 'a', at: NOON + 5, ...both }], 7n);
  await storeOn(1, [{ id: 'c', at: NOON + 2000, ...both }]);
  await store.settleAll();
  const counts = async () => {
    const { rows } = await store.pool.query('select event_count, violation_count, dead_letter_count from trace');
    return Object.values(rows[0]);
  };
  expect(await counts()).toEqual([3, 3, 2]);
  await sealed(0);
  expect(await counts()).toEqual([1, 1, 1]);
  await drop(store, 0);
});

test('what waits for settle when its day goes is settled before', async () => {
  await storeOn(0, [
    { id: 'a', at: NOON },
    { id: 'b', cause: 'a', at: NOON + 1000 },
  ]);
  await storeOn(1, [{ correlation: 'other', at: NOON + 9000 }]);
  await sealed(0);
  expect(await effects(0)).toEqual({ live: 0, sealed: 2 });
  expect(await effects(1)).toEqual({ live: 0, sealed: 1 });
  // What is later is left to settle.
  const { rows } = await store.pool.query('select stored_day::text as day from dirty_mark');
  expect(rows).toEqual([{ day: dayOf(1) }]);
});

test('a mark of a sealed day that is not dropped yet brings nothing of it back', async () => {
  await storeOn(0, [
    { id: 'a', at: NOON },
    { id: 'b', cause: 'a', at: NOON + 1000 },
  ]);
  await storeOn(1, [{ id: 'c', cause: 'b', at: NOON + 2000 }]);
  await store.settleAll();
  await sealed(0);
  // By a tap whose clock is behind: once for a trace that goes on, once for one that is gone.
  await storeOn(0, [
    { id: 'd', cause: 'a', at: NOON + 500 },
    { correlation: 'behind', at: NOON },
  ]);
  await store.settleAll();
  expect(await effects(0)).toEqual({ live: 0, sealed: 3 });
});

test('an event that is read anew and belongs to another trace leaves the sealed sums for the live ones', async () => {
  await storeOn(0, [{ id: 'a', at: NOON }]);
  await storeOn(1, [
    { id: 'b', cause: 'a', at: NOON + 1000 },
    { id: 'c', cause: 'b', at: NOON + 2000 },
  ]);
  await store.settleAll();
  await sealed(0);
  await drop(store, 0);
  expect(await effects(0)).toEqual({ live: 1, sealed: 2 });
  const [from, to] = ['c', 'moved'].map((text) => traceKey(1, 'correlation', text));
  await store.pool.query('update event set trace_key = $2 where trace_key = $1 and occurred_at = to_timestamp($3)', [
    ...[from, to],
    (NOON + 1000) / 1e6,
  ]);
  for (const key of [from ?? '', to ?? '']) {
    await store.pool.query(
      `insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
       values (1, $1, $2, $3, 1, 'x', 1, now())`,
      [key, shardOf(key), dayOf(1)],
    );
  }
  await store.settleAll();
  expect(await effects(0)).toEqual({ live: 2, sealed: 1 });
});

test('other shards are settled while one is sealed, and that one between two steps', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `many-${n}`);
  // Series that are new are waited for: they are named before.
  await storeOn(
    2,
    [0, 1000].map((us) => ({ correlation: 'before', at: NOON + us })),
  );
  await storeOn(
    0,
    ids.map((correlation) => ({ correlation, at: NOON })),
  );
  await store.settleAll();
  await storeOn(
    1,
    ids.map((correlation) => ({ correlation, at: NOON + 1000 })),
  );
  const held = await store.pool.connect();
  try {
    // A step of shard 0 cannot end: it waits for a row of the first trace of it.
    const first = ids.map((text) => traceKey(1, 'correlation', text)).find((key) => shardOf(key) === 0);
    await held.query('begin');
    await held.query('select from trace where trace_key = $1 for update', [first]);
    await decide(store, 0);
    const sealing = seal(store, 0);
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until('the step to wait', async () => (await store.pool.query(waits)).rows.length > 0);
    const settled = [];
    for (let shard = 0; shard < SHARDS; shard += 1)
      settled.push(await store.settle.settleShard(shard, { limit: 100, quietMs: 0 }, stitchAll));
    expect(settled[0]).toBe(null);
    expect(settled.slice(1).every((count) => count !== null && count > 0)).toBe(true);
    await held.query('rollback');
    expect(await sealing).toBe(true);
  } finally {
    held.release(true);
  }
  expect(await effects(0)).toEqual({ live: 2, sealed: 80 });
});
