import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allSums, bruteForceSums, storedSums } from '../settle/sums.test-support.ts';
import { batchOf, type EventSketch, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { at, dayOf, decide, drop } from './seal.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

test('a database whose days went before there was sealing keeps all its times, and live sums are those of what it has', async () => {
  const place = await store.topic('orders');
  let next = 0n;
  const storeOn = async (day: number, sketches: readonly EventSketch[]) => {
    const events = sketches.map((sketch, index) => eventOf(place, next + BigInt(index), sketch));
    next += BigInt(events.length);
    await store.ingest.storeBatch(batchOf(place, events, at(day)));
  };
  await storeOn(0, [
    { correlation: 'gone', at: NOON },
    { correlation: 'on', id: 'a', at: NOON },
  ]);
  await storeOn(1, [{ correlation: 'on', id: 'b', cause: 'a', at: NOON + 1000 }]);
  // Later than what is told apart by its minute.
  await storeOn(4, [{ correlation: 'on', id: 'c', cause: 'a', at: at(4) }]);
  await store.settleAll();
  const before = await allSums(store.pool);

  // As retention did it then.
  await decide(store, 0);
  await drop(store, 0);
  await store.pool.query('delete from trace where last_day <= $1', [dayOf(0)]);
  await store.pool.query('update trace set first_day = $1, expired_count = 1', [dayOf(1)]);
  await store.pool.query('alter table hop drop column sealed; alter table expired_day drop column sealing_at');
  await store.pool.query(await readFile(new URL('../migrations/000013.sql', import.meta.url), 'utf8'));
  expect(await allSums(store.pool)).toEqual(before);
  await store.settleAll();
  expect(await storedSums(store.pool)).toEqual(await bruteForceSums(store.pool));
  const { rows } = await store.pool.query('select sealed, cause_day::text from hop where ordinal = 0 order by minute');
  expect(rows).toEqual([
    { sealed: true, cause_day: dayOf(0) },
    { sealed: false, cause_day: dayOf(1) },
  ]);
});
