import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TopicPartition } from '../../ports/source.ts';
import { allSums, bruteForceSums, storedSums } from '../settle/sums.test-support.ts';
import { batchOf, type EventSketch, eventOf, openStore, stitchAll, type TestStore } from '../store.test-support.ts';
import { at, dayOf, decide, drop, seal } from './seal.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

interface Place extends TopicPartition {
  next: bigint;
}

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
            await decide(store, sealing);
            const before = one.settleFirst ? await allSums(store.pool) : null;
            const done = await seal(store, sealing, one.killAt ?? undefined);
            if (before !== null) expect(await allSums(store.pool)).toEqual(before);
            if (!done) continue;
            await drop(store, sealing);
            sealing += 1;
          }
        }
        await expectTrueSums();
      },
    ),
    { numRuns: 10, endOnFailure: true },
  );
}, 240_000);
