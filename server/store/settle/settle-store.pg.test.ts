import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { micros } from '../../model/time.ts';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS } from '../../model/trace.ts';
import { traceKey } from '../../model/trace-key.ts';
import { type OpenTrace, shardOf } from '../../ports/settle-store.ts';
import { settleTraces } from '../../settle/settle-traces.ts';
import { notePlans } from '../plans.test-support.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

const DAY_US = 86_400_000_000;
let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const stitchAll = (open: readonly OpenTrace[]) => settleTraces(open, EMPTY_TOPOLOGY, { episodeGapMs: EPISODE_GAP_MS });
const EAGER = { limit: 1000, quietMs: 0 };

async function marksOf(correlation: string): Promise<number> {
  const key = traceKey(1, 'correlation', correlation);
  return (await store.pool.query('select from dirty_mark where trace_key = $1', [key])).rows.length;
}

/** True when a query of this database waits for a lock. */
async function someoneWaits(): Promise<boolean> {
  const { rows } = await store.pool.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

test('records stored while their trace is being settled leave a mark, and the next settle has them', async () => {
  const place = await store.topic('concurrent');
  const shard = shardOf(traceKey(1, 'correlation', 'busy'));
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation: 'busy' })]));
  const client = await store.pool.connect();
  // Holds settle between the deletion of marks and the reading of events.
  await client.query('begin; lock table incarnation in access exclusive mode');
  const settling = store.settle.settleShard(shard, EAGER, stitchAll);
  await until('settle to wait for the lock', someoneWaits);
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 1n, { correlation: 'busy' })]));
  await client.query('rollback');
  client.release();
  expect(await settling).toBe(1);
  expect(await marksOf('busy')).toBe(1);
  await store.settleAll();
  expect(await marksOf('busy')).toBe(0);
  const trace = await store.reads.trace({ id: 'busy' }, { includePayload: false, limit: 10 });
  expect(trace?.event_count).toBe(2);
});

test('a turn takes so many traces, those waiting longest, however many marks each of them left', async () => {
  const place = await store.topic('many-marks');
  const shard = 2;
  const names = Array.from({ length: 60 }, (_, index) => `marks-${index}`);
  const [a = '', b = '', c = ''] = names.filter((name) => shardOf(traceKey(1, 'correlation', name)) === shard);
  for (let offset = 0; offset < 15; offset += 1) {
    const correlation = [a, b, c][Math.floor(offset / 5)] ?? a;
    const at = micros(NOON + offset * 1_000);
    await store.ingest.storeBatch(batchOf(place, [eventOf(place, BigInt(offset), { correlation })], at));
  }
  expect(await store.settle.settleShard(shard, { ...EAGER, limit: 2 }, stitchAll)).toBe(2);
  expect([await marksOf(a), await marksOf(b), await marksOf(c)]).toEqual([0, 0, 5]);
  expect(await store.settle.settleShard(shard, { ...EAGER, limit: 2 }, stitchAll)).toBe(1);
});

test('a turn takes fewer traces where they are large, and at least one', async () => {
  const place = await store.topic('large-ones');
  const shard = 1;
  const names = Array.from({ length: 80 }, (_, index) => `large-${index}`);
  const [a = '', b = '', c = ''] = names.filter((name) => shardOf(traceKey(1, 'correlation', name)) === shard);
  const comeOnce = async (from: number) => {
    for (const [index, correlation] of [a, b, c].entries()) {
      const offset = from + index;
      const at = micros(NOON + offset * 1_000);
      await store.ingest.storeBatch(batchOf(place, [eventOf(place, BigInt(offset), { correlation })], at));
    }
  };
  await comeOnce(0);
  await store.settleAll();
  const counted = (events: number, correlation: string) =>
    store.pool.query('update trace set event_count = $1 where id_text = $2', [events, correlation]);
  await counted(60_000, a);
  await counted(30_000, b);
  await counted(20_000, c);
  await comeOnce(3);
  expect(await store.settle.settleShard(shard, EAGER, stitchAll)).toBe(2);
  expect([await marksOf(a), await marksOf(b), await marksOf(c)]).toEqual([0, 0, 1]);
  await counted(500_000, c);
  expect(await store.settle.settleShard(shard, EAGER, stitchAll)).toBe(1);
  const trace = await store.reads.trace({ id: c }, { includePayload: false, limit: 10 });
  expect(trace?.event_count).toBe(2);
});

test('the marks of a trace that rests wait, however many, and hold back no other', async () => {
  const place = await store.topic('resting');
  const shard = 3;
  const names = Array.from({ length: 80 }, (_, index) => `resting-${index}`);
  const [endless = '', short = ''] = names.filter((name) => shardOf(traceKey(1, 'correlation', name)) === shard);
  for (let offset = 0; offset < 40; offset += 1) {
    const at = micros(NOON + offset * 1_000);
    const correlation = offset === 39 ? short : endless;
    await store.ingest.storeBatch(batchOf(place, [eventOf(place, BigInt(offset), { correlation })], at));
  }
  const turn = { limit: 2, quietMs: 0 };
  const resting = [traceKey(1, 'correlation', endless)];
  expect(await store.settle.settleShard(shard, { ...turn, resting }, stitchAll)).toBe(1);
  expect([await marksOf(endless), await marksOf(short)]).toEqual([39, 0]);
  expect(await store.settle.settleShard(shard, turn, stitchAll)).toBe(1);
  expect(await marksOf(endless)).toBe(0);
});

test('a long queue is found by its keys, though PostgreSQL last saw it empty', async () => {
  const plans = notePlans(store.pool);
  await store.pool.query('alter table dirty_mark set (autovacuum_enabled = off)');
  const fill = `insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
    select 1, md5((n / 5)::text)::uuid, 1, '2026-01-01', 1, 'gone', 4, now() from generate_series(1, 5000) n`;
  await store.pool.query(fill);
  await store.pool.query('delete from dirty_mark');
  await store.pool.query('analyze dirty_mark');
  await store.pool.query(fill);
  const turn = () => store.settle.settleShard(1, { ...EAGER, limit: 50 }, stitchAll);
  const planned = await plans.of(turn, /^dirty_mark$/);
  expect(planned.flatMap(({ whole, walked }) => [...whole, ...walked])).not.toContain('dirty_mark_trace');
  expect(planned.flatMap(({ indexes }) => indexes)).toContain('Index Scan dirty_mark_trace');
  await store.pool.query('delete from dirty_mark');
  await store.pool.query('alter table dirty_mark reset (autovacuum_enabled)');
});

test('a settle that fails leaves the marks', async () => {
  const place = await store.topic('failing');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation: 'failing' })]));
  const shard = shardOf(traceKey(1, 'correlation', 'failing'));
  const settling = store.settle.settleShard(shard, EAGER, () => {
    throw new Error('planted');
  });
  await expect(settling).rejects.toThrow('planted');
  expect(await marksOf('failing')).toBe(1);
  await store.settleAll();
});

test('one settler at a time holds a shard, the other is told so', async () => {
  const place = await store.topic('contended');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation: 'contended' })]));
  const shard = shardOf(traceKey(1, 'correlation', 'contended'));
  const blocker = await store.pool.connect();
  await blocker.query('begin; lock table trace in access exclusive mode');
  const first = store.settle.settleShard(shard, EAGER, stitchAll);
  await until('the first settler to hold the shard', someoneWaits);
  expect(await store.settle.settleShard(shard, EAGER, stitchAll)).toBe(null);
  await blocker.query('rollback');
  blocker.release();
  expect(await first).toBe(1);
  expect(await store.settle.settleShard(shard, EAGER, stitchAll)).toBe(0);
});

test('marks younger than the quiet time wait', async () => {
  const place = await store.topic('quiet');
  const now = micros(Date.now() * 1000);
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation: 'quiet' })], now));
  const shard = shardOf(traceKey(1, 'correlation', 'quiet'));
  expect(await store.settle.settleShard(shard, { limit: 10, quietMs: 3_600_000 }, stitchAll)).toBe(0);
  expect(await store.settle.settleShard(shard, EAGER, stitchAll)).toBe(1);
});

/** Everything settle wrote of a trace, by what its records are rather than when they came. */
async function settledRows(correlation: string): Promise<unknown> {
  const key = traceKey(1, 'correlation', correlation);
  const names = `array(select label from name where id = any(type_ids) order by label) as types`;
  const [trace, hops, duplicates] = await Promise.all([
    store.pool.query(
      `select event_count, duplicate_count, started_at, ended_at, ${names} from trace where trace_key = $1`,
      [key],
    ),
    store.pool.query(
      `select i.topic, h."offset", h.ordinal, h.evidence, ci.topic as cause, h.cause_offset, h.hop_us, h.flags
       from hop h join incarnation i on i.id = h.incarnation_id
       left join incarnation ci on ci.id = h.cause_incarnation_id where trace_key = $1 order by 1, 2, 3`,
      [key],
    ),
    store.pool.query(
      `select i.topic, d."offset", d.of_offset, d.conflict from duplicate d
      join incarnation i on i.id = d.incarnation_id where trace_key = $1 order by 1, 2`,
      [key],
    ),
  ]);
  return JSON.parse(JSON.stringify([trace.rows, hops.rows, duplicates.rows]).replaceAll(`${correlation}-`, ''));
}

test('the same records give the same rows, in whatever batches, order and days they come', async () => {
  const orders: readonly (readonly number[])[] = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ];
  const results: unknown[] = [];
  for (const [run, order] of orders.entries()) {
    const correlation = `permuted${run}`;
    const places = [];
    for (const part of ['ask', 'answer', 'keep']) places.push(await store.topic(`${correlation}-${part}`));
    for (const [day, index] of order.entries()) {
      const place = places[index];
      if (place === undefined) continue;
      const sketch = {
        correlation,
        service: `s${index}`,
        type: `t${index}`,
        at: NOON + index * 1_000_000,
        id: `e${index}`,
        ...(index === 2 ? { cause: 'e0' } : {}),
      };
      const twice = [eventOf(place, 0n, sketch), { ...eventOf(place, 1n, sketch), bodyHash: 0n }];
      const late = [{ ...eventOf(place, 2n, sketch), bodyHash: 9n }];
      await store.ingest.storeBatch(batchOf(place, twice, micros(NOON + day * DAY_US)));
      if (run !== 1) await store.settleAll();
      await store.ingest.storeBatch(batchOf(place, late, micros(NOON + (day + 3) * DAY_US)));
    }
    await store.settleAll();
    results.push(await settledRows(correlation));
  }
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
  expect(results[0]).toMatchObject([[{ event_count: 6, duplicate_count: 3 }], expect.anything(), expect.anything()]);
});
