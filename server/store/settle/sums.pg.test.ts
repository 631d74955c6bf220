import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS } from '../../model/trace.ts';
import type { OpenTrace } from '../../ports/settle-store.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { settleTraces } from '../../settle/settle-traces.ts';
import { batchOf, type EventSketch, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { bruteForceSums, storedSums } from './sums.test-support.ts';

const DAY_US = 86_400_000_000;
const stitchAll = (open: readonly OpenTrace[]) => settleTraces(open, EMPTY_TOPOLOGY, { episodeGapMs: EPISODE_GAP_MS });

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

interface Place extends TopicPartition {
  next: bigint;
}

async function storeEvents(place: Place, sketches: readonly EventSketch[], storedAt = NOON): Promise<void> {
  const events = sketches.map((sketch, index) => eventOf(place, place.next + BigInt(index), sketch));
  place.next += BigInt(events.length);
  await store.ingest.storeBatch(batchOf(place, events, storedAt));
}

async function expectTrueSums(): Promise<void> {
  const [stored, wanted] = [await storedSums(store.pool), await bruteForceSums(store.pool)];
  expect(stored).toEqual(wanted);
}

const sketch = (run: number): fc.Arbitrary<EventSketch> =>
  fc
    .record({
      trace: fc.integer({ min: 0, max: 5 }),
      id: fc.integer({ min: 0, max: 9 }),
      cause: fc.option(fc.integer({ min: 0, max: 9 })),
      type: fc.constantFrom('asked', 'answered', 'kept'),
      service: fc.option(fc.constantFrom('one', 'two')),
      // Minutes and hours apart, equal times, times out of order, and pauses over the episode gap.
      at: fc.oneof(fc.integer({ min: 0, max: 90_000_000 }), fc.integer({ min: 0, max: 3 * 3_600_000_000 })),
    })
    .map(({ trace, id, cause, at, type, service }) => ({
      correlation: `sums-${run}-${trace}`,
      id: `${run}-${trace}-${id}`,
      ...(cause !== null && { cause: `${run}-${trace}-${cause}` }),
      type,
      service,
      at: NOON + at,
    }));

const step = (run: number) =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('store' as const),
        events: fc.array(sketch(run), { minLength: 1, maxLength: 6 }),
        place: fc.nat(1),
        day: fc.nat(2),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        shard: fc.nat(3),
        limit: fc.integer({ min: 1, max: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('killed' as const), shard: fc.nat(3) }) },
  );

test('after any history of late, repeated and reversed records, settles and kills, the sums are those of all events', async () => {
  let run = 0;
  const places = [await topic('sums-asks'), await topic('sums-answers')];
  await fc.assert(
    fc.asyncProperty(
      fc.constant(null).chain(() => fc.array(step(run), { minLength: 4, maxLength: 25 })),
      async (steps) => {
        run += 1;
        for (const one of steps) {
          if (one.kind === 'store') {
            const place = places[one.place];
            if (place !== undefined) await storeEvents(place, one.events, micros(NOON + one.day * DAY_US));
          } else if (one.kind === 'settle') {
            await store.settle.settleShard(one.shard, { limit: one.limit, quietMs: 0 }, stitchAll);
          } else await killed(one.shard);
        }
        await store.settleAll();
        await expectTrueSums();
      },
    ),
    { numRuns: 25 },
  );
});

async function topic(name: string): Promise<Place> {
  return { ...(await store.topic(name)), next: 0n };
}

/** A settle whose connection is ended while it holds the shard: everything it did is undone, its marks stand again. */
async function killed(shard: number): Promise<void> {
  const blocker = await store.pool.connect();
  try {
    await blocker.query('begin; lock table trace in access exclusive mode');
    const settling = store.settle.settleShard(shard, { limit: 10, quietMs: 0 }, stitchAll).then(
      () => null,
      (error: unknown) => error,
    );
    for (let tries = 0; tries < 200; tries += 1) {
      const { rows } = await store.pool.query<{ pid: number }>(
        "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      if (rows[0] !== undefined) {
        await store.pool.query('select pg_terminate_backend($1)', [rows[0].pid]);
        break;
      }
      if ((await Promise.race([settling.then(() => 'done'), tick()])) === 'done') break;
    }
    await blocker.query('rollback');
    await settling;
  } finally {
    blocker.release();
  }
}

function tick(): Promise<'waiting'> {
  return new Promise((resolve) => setImmediate(() => resolve('waiting')));
}

test('a late event days after re-opens its trace, and the sums follow', async () => {
  const place = await topic('sums-late');
  const at = (ms: number) => NOON + 7 * DAY_US + ms * 1000;
  await storeEvents(place, [
    { correlation: 'late', id: 'late-a', type: 'asked', at: at(0) },
    { correlation: 'late', id: 'late-c', type: 'kept', at: at(900), service: 'keeper' },
  ]);
  await store.settleAll();
  await expectTrueSums();
  await storeEvents(
    place,
    [{ correlation: 'late', id: 'late-b', type: 'answered', at: at(400), service: 'other' }],
    micros(NOON + 5 * DAY_US),
  );
  await store.settleAll();
  await expectTrueSums();
});

test('the trace that held the greatest time and the lot of a minute, an hour and a day leaves them to the next', async () => {
  const place = await topic('sums-holders');
  const at = (minute: number, ms: number) => NOON + 9 * DAY_US + minute * 60_000_000 + ms * 1000;
  const traces = [10, 200, 3_000].map((ms, index) => ({ name: `holder-${index}`, ms, minute: index }));
  for (const { name, ms, minute } of traces) {
    await storeEvents(place, [
      { correlation: name, id: `${name}-a`, type: 'held', at: at(minute, 0) },
      { correlation: name, id: `${name}-b`, cause: `${name}-a`, type: 'holding', at: at(minute, ms) },
    ]);
  }
  await store.settleAll();
  await expectTrueSums();
  // A cause in between makes each hop another one.
  for (const { name, ms, minute } of traces.toReversed()) {
    const between = { correlation: name, id: `${name}-b`, cause: `${name}-a`, type: 'holding', at: at(minute, ms / 2) };
    await storeEvents(place, [between], micros(NOON - 1_000_000));
    await store.settleAll();
    await expectTrueSums();
  }
});

test('a trace is written once: settling it again writes no hop row', async () => {
  const place = await topic('sums-once');
  await storeEvents(place, [
    { correlation: 'once', type: 'asked' },
    { correlation: 'once', type: 'kept' },
  ]);
  await store.settleAll();
  const rows = () =>
    store.pool.query(
      "select h.xmin::text, h.ctid::text from hop h join trace t using (trace_key) where t.id_text = 'once'",
    );
  const before = (await rows()).rows;
  expect(before).toHaveLength(3);
  await storeEvents(place, [{ correlation: 'once', type: 'late', at: NOON + 3_600_000_000 * 20 }]);
  await store.settleAll();
  const after = (await rows()).rows;
  expect(after).toEqual(expect.arrayContaining(before));
  await expectTrueSums();
});
