import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS, type Topology } from '../../model/trace.ts';
import type { ReSettleStore } from '../../ports/job-store.ts';
import { SHARDS } from '../../ports/settle-store.ts';
import { settleTraces } from '../../settle/settle-traces.ts';
import { changedPool } from '../mutants/changed-pool.test-support.ts';
import { bruteForceSums, storedSums } from '../settle/sums.test-support.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { createTopologyStore } from '../topology/topology-store.ts';
import { createReSettleStore } from './re-settle-store.ts';

let store: TestStore;
let jobs: ReSettleStore;
let newer: Topology;

const TRACES = 250;
const PORTION = 100;
/** As a tap has it, but for smaller portions. */
const jobsOn = (pool: Pool) => createReSettleStore({ pool, workspaceId: 1, tracesAStep: PORTION });

/** Each trace: asked on one topic, noted on another, answered by who reads only the first. Causes are not named. */
beforeAll(async () => {
  store = await openStore();
  jobs = jobsOn(store.pool);
  const parts = ['asked', 'noted', 'answered'] as const;
  for (const [index, part] of parts.entries()) {
    const place = await store.topic(`dev.shop.${part}.v1`);
    const events = Array.from({ length: TRACES }, (_, n) => {
      const at = NOON + (n % 90) * 60_000_000 + index * (n + 1) * 1_000;
      return eventOf(place, BigInt(n), {
        correlation: `t-${n}`,
        id: `${part}-${n}`,
        type: part,
        service: `${part}-svc`,
        at,
      });
    });
    await store.ingest.storeBatch(batchOf(place, events));
  }
  const { rows } = await store.pool.query("select id from name where kind = 'service' and label = 'answered-svc'");
  newer = { version: 7, consumes: new Map([[rows[0].id, new Set(['dev.shop.asked.v1'])]]), causeTypes: new Map() };
  await createTopologyStore({ pool: store.pool, workspaceId: 1 }).keep(newer);
});
beforeEach(async () => {
  await store.pool.query('truncate job');
  await settleAll(EMPTY_TOPOLOGY, 'afresh');
});
afterAll(() => store.close());

/** Settles until no mark is left; `afresh`: as if no trace had ever been settled. */
async function settleAll(topology: Topology, how: 'afresh' | 'what is marked', limit = 1_000): Promise<number> {
  if (how === 'afresh') {
    await store.pool.query('truncate trace, hop, duplicate, hop_by_minute, hop_by_hour, hop_by_day, dirty_mark');
    await store.pool.query(`
      insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
      select distinct 1, trace_key, get_byte(uuid_send(trace_key), 15) % 4, stored_day, 1, trace_key::text, 36, stored_at
      from event`);
  }
  let total = 0;
  for (let shard = 0; shard < SHARDS; shard += 1) {
    for (;;) {
      const count = await store.settle.settleShard(shard, { limit, quietMs: 0 }, (open) =>
        settleTraces(open, topology, { episodeGapMs: EPISODE_GAP_MS }),
      );
      total += count ?? 0;
      if (count === 0) break;
    }
  }
  return total;
}

/** All that settle keeps of traces, in one order, without when it was written. */
async function settledRows(): Promise<unknown> {
  const traces = await store.pool.query(`
    select to_jsonb(t) - 'settled_at' - 'id_text' - 'id_length' - 'id_prefix' as row from trace t order by trace_key`);
  const hops = await store.pool.query(`
    select to_jsonb(h) as row from hop h order by trace_key, incarnation_id, partition, "offset", ordinal`);
  return [traces.rows, hops.rows];
}

async function queued(): Promise<string> {
  const { rows } = await store.pool.query<{ id: string }>(
    `insert into job (workspace_id, kind, scope) values (1, 're-settle', 'older topology') returning id::text`,
  );
  return rows[0]?.id ?? '';
}

async function jobRow(id: string) {
  const { rows } = await store.pool.query(
    'select state, done::int, total::int, changed::int, message from job where id = $1',
    [id],
  );
  return rows[0];
}

async function marks(): Promise<number> {
  return (await store.pool.query('select from dirty_mark')).rows.length;
}

/** Ends the process behind a connection, as the death of its client does. */
async function killed(client: PoolClient): Promise<void> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  await store.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
}

/** Steps to the end of a job, with a settler at work by `topology`; answers the most marks that waited at once. */
async function runToEnd(id: string, topology: Topology): Promise<number> {
  let most = 0;
  expect(await jobs.begin(id)).toBe('running');
  for (;;) {
    const outcome = await jobs.step(id);
    most = Math.max(most, await marks());
    if (outcome === 'waiting') await settleAll(topology, 'what is marked');
    else if (outcome !== 'working') return most;
  }
}

test('the end equals settling everything afresh by the newer topology, portion by portion', async () => {
  const before = await settledRows();
  const id = await queued();
  const most = await runToEnd(id, newer);
  const [rows, sums] = [await settledRows(), await storedSums(store.pool)];
  expect(await jobRow(id)).toEqual({ state: 'done', done: TRACES, total: TRACES, changed: TRACES, message: null });
  expect(most).toBe(PORTION);
  expect(rows).not.toEqual(before);
  expect(sums).toEqual(await bruteForceSums(store.pool, newer));
  await settleAll(newer, 'afresh');
  expect(rows).toEqual(await settledRows());
  expect(sums).toEqual(await storedSums(store.pool));
});

test('a job without anything to do ends without a mark', async () => {
  await settleAll(newer, 'afresh');
  const id = await queued();
  expect(await runToEnd(id, newer)).toBe(0);
  expect(await jobRow(id)).toMatchObject({ state: 'done', done: TRACES, total: TRACES, changed: 0 });
});

async function begunAndStepped(dying: ReSettleStore, id: string): Promise<string> {
  await dying.begin(id);
  return dying.step(id);
}

test('a job that is killed before any statement of any step goes on where it stood', async () => {
  const id = await queued();
  let kills = 0;
  for (let outcome: string | null = 'working'; outcome !== 'done'; ) {
    for (let at = 0; ; at += 1) {
      let seen = 0;
      const pool = changedPool(store.pool, {
        async before(_text, client) {
          if (seen === at) await killed(client);
          seen += 1;
        },
      });
      outcome = await begunAndStepped(jobsOn(pool), id).catch(() => null);
      if (outcome !== null) break;
      kills += 1;
    }
    if (outcome === 'waiting') await settleAll(newer, 'what is marked');
  }
  expect(kills).toBeGreaterThan(50);
  expect(await jobRow(id)).toEqual({ state: 'done', done: TRACES, total: TRACES, changed: TRACES, message: null });
  expect(await storedSums(store.pool)).toEqual(await bruteForceSums(store.pool, newer));
});

test('nothing is added to the queue while settle has a portion in hand, or is behind with what is stored', async () => {
  const id = await queued();
  await jobs.begin(id);
  await store.pool.query(`
    insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
    select 1, trace_key, get_byte(uuid_send(trace_key), 15) % 4, last_day, 1, 'x', 1, clock_timestamp() - interval '1 minute'
    from trace limit 1`);
  expect([await jobs.step(id), await marks()]).toEqual(['waiting', 1]);
  expect(await jobRow(id)).toMatchObject({
    done: 0,
    message: 'It waits, because settle is behind with what is stored.',
  });
  await settleAll(EMPTY_TOPOLOGY, 'what is marked');
  expect([await jobs.step(id), await marks()]).toEqual(['working', PORTION]);
  expect([await jobs.step(id), await marks()]).toEqual(['waiting', PORTION]);
  const { done, total, message } = await jobRow(id);
  expect([done, message]).toEqual([PORTION, null]);
  // Told by how far the keys are: they are hashes.
  expect(Math.abs(total - TRACES)).toBeLessThan(TRACES * 0.3);
});

test('what a tap settles by an older topology meanwhile is settled again', async () => {
  const id = await queued();
  await jobs.begin(id);
  await jobs.step(id);
  await settleAll(EMPTY_TOPOLOGY, 'what is marked');
  expect([await jobs.step(id), await marks()]).toEqual(['working', PORTION]);
  await settleAll(newer, 'what is marked');
  for (let outcome = ''; outcome !== 'done'; ) {
    // Behind the walk: traces whose keys it has passed.
    const { rows } = await store.pool.query(`select place->>'pass' as pass, place->>'after' as after from job`);
    if (rows[0].pass === '1' && rows[0].after !== null) {
      await store.pool.query('update trace set topology_version = 1 where trace_key <= $1', [rows[0].after]);
    }
    outcome = await jobs.step(id);
    if (outcome === 'waiting') await settleAll(newer, 'what is marked');
  }
  const { rows } = await store.pool.query('select distinct topology_version from trace');
  expect(rows).toEqual([{ topology_version: newer.version }]);
});

test('two processes that go on with one job mark nothing twice, and a cancelled one marks no more', async () => {
  const id = await queued();
  await jobs.begin(id);
  await Promise.all([jobs.step(id), jobs.step(id)]);
  expect(await marks()).toBe(PORTION);
  await settleAll(newer, 'what is marked');
  await store.pool.query(`update job set state = 'cancelled' where id = $1`, [id]);
  expect(await jobs.step(id)).toBe('stopped');
  expect(await jobs.begin(id)).toBe('cancelled');
  expect(await marks()).toBe(0);
  expect(await storedSums(store.pool)).not.toEqual(await bruteForceSums(store.pool, newer));
});
