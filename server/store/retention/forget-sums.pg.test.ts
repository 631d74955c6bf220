import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { traceKey } from '../../model/trace-key.ts';
import type { RetentionPolicy } from '../../ports/retention-store.ts';
import { shardOf } from '../../ports/settle-store.ts';
import type { TopicPartition } from '../../ports/source.ts';
import {
  batchOf,
  type EventSketch,
  eventOf,
  NOON,
  openStore,
  stitchAll,
  type TestStore,
} from '../store.test-support.ts';
import { createRetentionStore } from './retention-store.ts';

const DAY_MS = 86_400_000;
const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;

let store: TestStore;
let place: TopicPartition & { next: bigint };
beforeAll(async () => {
  store = await openStore();
  place = { ...(await store.topic('orders')), next: 0n };
});
afterAll(() => store.close());

const ages = (events: number, aggregates: number): RetentionPolicy => ({
  ageMs: { payload: events * DAY_MS, events: events * DAY_MS, aggregates: aggregates * DAY_MS },
  payloadBytes: null,
  totalBytes: null,
});
/** Retention as it runs at noon of a day. */
const onDay = (day: number) =>
  createRetentionStore({ pool: store.pool, settle: stitchAll, now: () => NOON / 1000 + day * DAY_MS });

/** Stores what occurred in some minute after noon of day 0. */
async function storeOn(day: number, sketches: readonly (EventSketch & { minute: number })[]): Promise<void> {
  const events = sketches.map((sketch, index) =>
    eventOf(place, place.next + BigInt(index), { ...sketch, at: NOON + sketch.minute * MINUTE_US + index * 1000 }),
  );
  place.next += BigInt(events.length);
  await store.ingest.storeBatch(batchOf(place, events, micros(NOON + day * DAY_MS * 1000)));
  await store.settleAll();
}

/** `minute live|sealed` of the sums of hops that are stored, in minutes after noon of day 0. */
async function minutes(): Promise<readonly string[]> {
  const { rows } = await store.pool.query<{ at: number; sealed: boolean; effects: string }>(
    `select round(extract(epoch from m.bucket - to_timestamp($1)) / 60)::int as at, m.sealed, sum(m.effects) as effects
     from hop_by_minute m join series s on s.id = m.series_id where s.kind = 0 group by 1, 2 order by 1, 2`,
    [NOON / 1e6],
  );
  return rows.map(({ at, sealed, effects }) => `${at} ${sealed ? 'sealed' : 'live'} ${effects}`);
}

/** Effects, by minutes where they are kept, else by hours. */
async function seen(reads = store.reads): Promise<{ count: number; from: string; to: string }> {
  const range = { from: micros(NOON), to: micros(NOON + HOUR_US) };
  const answer = await reads.latency({ ...range, subject: 'hop', group: 'service', evidence: 'all' });
  return { count: answer.event_types.reduce((sum, row) => sum + row.count, 0), from: answer.from, to: answer.to };
}

/** Another id whose trace gives to the same sums. */
function sameShardAs(id: string): string {
  const shardOfId = (text: string) => shardOf(traceKey(1, 'correlation', text));
  const names = Array.from({ length: 100 }, (_, n) => `other-${n}`);
  return names.find((name) => shardOfId(name) === shardOfId(id)) ?? '';
}

test('minutes go when the last event that gave to them is gone, hours and days when they are as old as counts may be', async () => {
  store.now.value = (NOON / 1000 + 30 * DAY_MS) as typeof store.now.value;
  await storeOn(0, [
    // A minute of which all is stored on day 0, and one to which an event of day 1 gives.
    { minute: 1, correlation: 'early', type: 'placed' },
    { minute: 2, correlation: 'shared', type: 'placed' },
    { minute: 3, correlation: 'goes-on', id: 'cause', type: 'placed' },
    // By its own clock it is still to come.
    { minute: 60 * 24 * 9000, correlation: 'far', type: 'placed' },
  ]);
  await storeOn(1, [
    { minute: 2, correlation: sameShardAs('shared'), type: 'placed' },
    { minute: 4, correlation: 'goes-on', cause: 'cause', type: 'paid' },
  ]);
  await storeOn(2, [{ minute: 5, correlation: 'late', type: 'placed' }]);
  expect(await seen()).toMatchObject({ count: 6 });

  await onDay(11).expire(ages(10, 400));
  // What goes on from an expired cause is sealed, and its minute stays as long as its event.
  expect(await minutes()).toEqual(['2 live 1', '2 sealed 1', '4 sealed 1', '5 live 1']);
  expect(await seen()).toEqual({ count: 6, from: '2026-03-01T12:00:00.000000Z', to: '2026-03-01T13:00:00.000000Z' });

  await onDay(12).expire(ages(10, 400));
  expect(await minutes()).toEqual(['5 live 1']);
  expect(await seen()).toMatchObject({ count: 6 });
  expect(await seen(store.freshReads())).toMatchObject({ count: 6 });

  // Live ones stay as long as their event, however old they are.
  await onDay(12).expire(ages(10, 1));
  expect(await seen()).toMatchObject({ count: 1 });
  await onDay(13).expire(ages(10, 1));
  expect(await minutes()).toEqual([]);
  expect(await seen()).toMatchObject({ count: 0 });
  for (const table of ['hop_by_hour', 'hop_by_day', 'hop_sum_version']) {
    const { rows } = await store.pool.query(`select from ${table} where bucket < '2030-01-01'`);
    expect({ table, left: rows.length }).toEqual({ table, left: 0 });
  }

  // What comes later for the same hour is seen by who remembers that there was nothing.
  await storeOn(14, [{ minute: 7, correlation: 'again', type: 'placed' }]);
  expect(await seen()).toMatchObject({ count: 1 });
});

test('hours and days to which a frozen hop gives stay as long as its event, which may be read anew meanwhile', async () => {
  store.now.value = (NOON / 1000 + 60 * DAY_MS) as typeof store.now.value;
  await storeOn(40, [{ minute: 10, correlation: 'frozen', id: 'first', type: 'placed' }]);
  await storeOn(41, [{ minute: 11, correlation: 'frozen', cause: 'first', type: 'paid' }]);
  await onDay(51).expire(ages(10, 1));
  expect(await seen()).toMatchObject({ count: 1 });
  const [from, to] = ['frozen', 'another'].map((text) => traceKey(1, 'correlation', text));
  await store.pool.query('update event set trace_key = $2 where trace_key = $1', [from, to]);
  for (const key of [from ?? '', to ?? '']) {
    await store.pool.query(
      `insert into dirty_mark (workspace_id, trace_key, shard, stored_day, id_kind, id_text, id_length, marked_at)
       values (1, $1, $2, (to_timestamp($3) at time zone 'utc')::date, 1, 'x', 1, now())`,
      [key, shardOf(key), NOON / 1e6 + (41 * DAY_MS) / 1000],
    );
  }
  expect(await store.settleAll()).toBe(2);
  expect(await seen()).toMatchObject({ count: 1 });
  await onDay(52).expire(ages(10, 1));
  expect(await seen()).toMatchObject({ count: 0 });
});
