import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { dropPeriod } from '../retention/drop-period.ts';
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
import { openSealer, sealDay } from './seal-day.ts';

const DAY_US = 86_400_000_000;

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

interface Place extends TopicPartition {
  next: bigint;
}

const at = (day: number) => micros(NOON + day * DAY_US);
const dayOf = (day: number) => new Date(at(day) / 1000).toISOString().slice(0, 10);

async function topic(name: string): Promise<Place> {
  return { ...(await store.topic(name)), next: 0n };
}

async function storeEvents(place: Place, sketches: readonly EventSketch[], day: number): Promise<void> {
  const events = sketches.map((sketch, index) => ({
    ...eventOf(place, place.next + BigInt(index), sketch),
    // Records of one event are its copies, wherever they come.
    ...(sketch.id !== undefined && { bodyHash: 7n }),
  }));
  place.next += BigInt(events.length);
  // A day that was dropped comes again where a clock is behind.
  await store.pool.query('select ensure_stored_day($1::date)', [dayOf(day)]);
  await store.ingest.storeBatch(batchOf(place, events, at(day)));
}

async function decide(day: number): Promise<void> {
  await store.pool.query(
    `insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
     values (1, 'events', $1, 0, 0, 0, 0, 'age') on conflict do nothing`,
    [dayOf(day)],
  );
}

/** Seals on a connection of its own, which is ended before its `killAt`th statement. Answers whether it came to the end. */
async function seal(day: number, killAt = Number.POSITIVE_INFINITY): Promise<boolean> {
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
    await sealDay(openSealer(client, 1, stitchAll), dayOf(day));
    return true;
  } catch (error) {
    if (asked < killAt) throw error;
    return false;
  } finally {
    client.release(true);
  }
}

async function drop(day: number): Promise<void> {
  const client = new pg.Client({ connectionString: store.database.url });
  await client.connect();
  expect(await dropPeriod(client, 'events', dayOf(day))).toBe(true);
  await client.end();
  await store.pool.query("update expired_day set dropped_at = now() where kept_as = 'events' and day = $1", [
    dayOf(day),
  ]);
}

/** Live sums are those of what is not sealed, once no trace waits for settle. */
async function expectTrueSums(): Promise<void> {
  await store.settleAll();
  const [stored, wanted] = [await storedSums(store.pool), await bruteForceSums(store.pool)];
  expect(stored).toEqual(wanted);
}

const TYPES = ['asked', 'answered', 'kept', 'order.requested', 'order.completed'];

const sketch = (run: number): fc.Arbitrary<EventSketch> =>
  fc
    .record({
      trace: fc.integer({ min: 0, max: 3 }),
      id: fc.integer({ min: 0, max: 9 }),
      cause: fc.option(fc.integer({ min: 0, max: 9 })),
      type: fc.constantFrom(...TYPES),
      service: fc.option(fc.constantFrom('one', 'two')),
      at: fc.oneof(fc.integer({ min: 0, max: 90_000_000 }), fc.integer({ min: 0, max: 3 * 3_600_000_000 })),
    })
    .map(({ trace, id, cause, at: us, type, service }) => ({
      correlation: `sealed-${run}-${trace}`,
      id: `${run}-${trace}-${id}`,
      ...(cause !== null && { cause: `${run}-${trace}-${cause}` }),
      type,
      service,
      at: at(run * 5) + us,
    }));

const step = (run: number) =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('store' as const),
        events: fc.array(sketch(run), { minLength: 1, maxLength: 6 }),
        place: fc.nat(1),
        day: fc.nat(4),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const), shard: fc.nat(3) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('seal' as const),
        settleFirst: fc.boolean(),
        killAt: fc.option(fc.integer({ min: 1, max: 70 })),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
  );

test('after any history of late records, seals, drops and kills, live sums are those of what is not sealed, and no seal loses or doubles a time', async () => {
  const places = [await topic('seal-asks'), await topic('seal-answers')];
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constant(null).chain(() => fc.array(step(run + 1), { minLength: 6, maxLength: 24 })),
      async (steps) => {
        run += 1;
        // Days are sealed one after the other, and only forward.
        let sealing = run * 5;
        for (const one of steps) {
          if (one.kind === 'store') {
            const place = places[one.place];
            if (place !== undefined) await storeEvents(place, one.events, run * 5 + one.day);
          } else if (one.kind === 'settle') {
            await store.settle.settleShard(one.shard, { limit: 2, quietMs: 0 }, stitchAll);
          } else if (one.kind === 'look') await expectTrueSums();
          else {
            if (sealing > run * 5 + 3) continue;
            if (one.settleFirst) await store.settleAll();
            await decide(sealing);
            const before = one.settleFirst ? await allSums(store.pool) : null;
            const done = await seal(sealing, one.killAt ?? undefined);
            if (before !== null) expect(await allSums(store.pool)).toEqual(before);
            if (!done) continue;
            await drop(sealing);
            sealing += 1;
          }
        }
        await expectTrueSums();
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
}, 240_000);
