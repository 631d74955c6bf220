import pg from 'pg';
import { expect } from 'vitest';
import { micros } from '../../model/time.ts';
import { dropPeriod } from '../retention/drop-period.ts';
import { NOON, stitchAll, type TestStore } from '../store.test-support.ts';
import { openSealer, sealDay } from './seal-day.ts';

const DAY_US = 86_400_000_000;

/** Noon of a day, and its name; day 0 is that of all tests. */
export const at = (day: number) => micros(NOON + day * DAY_US);
export const dayOf = (day: number) => new Date(at(day) / 1000).toISOString().slice(0, 10);

/** Says of a day that it goes. */
export async function decide(store: TestStore, day: number): Promise<void> {
  await store.pool.query(
    `insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
     values (1, 'events', $1, 0, 0, 0, 0, 'age') on conflict do nothing`,
    [dayOf(day)],
  );
}

/** Seals on a connection of its own, which is ended before its `killAt`th statement. Answers whether it came to the end. */
export async function seal(store: TestStore, day: number, killAt = Number.POSITIVE_INFINITY): Promise<boolean> {
  const client = await store.pool.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.on('error', () => {});
  let asked = 0;
  Object.defineProperty(client, 'query', {
    configurable: true,
    value: async (...args: unknown[]) => {
      asked += 1;
      if (asked === killAt) await store.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      return ask(...args);
    },
  });
  try {
    return await sealDay(openSealer(client, 1, { settle: stitchAll }), dayOf(day));
  } catch (error) {
    if (asked < killAt) throw error;
    return false;
  } finally {
    client.release(true);
  }
}

export async function drop(store: TestStore, day: number): Promise<void> {
  const client = new pg.Client({ connectionString: store.database.url });
  await client.connect();
  expect(await dropPeriod(client, 'events', dayOf(day))).toBe(true);
  await client.end();
  await store.pool.query("update expired_day set dropped_at = now() where kept_as = 'events' and day = $1", [
    dayOf(day),
  ]);
}
