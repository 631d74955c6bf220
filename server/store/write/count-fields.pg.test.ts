import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PreparedEvent, SampledFields } from '../../model/event.ts';
import { micros } from '../../model/time.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

const HOUR_US = 3_600_000_000;

let store: TestStore;
let place: TopicPartition;
let topics = 0;
beforeAll(async () => {
  store = await openStore();
}, 60_000);
beforeEach(async () => {
  place = await store.topic(`fields-${topics++}`);
  await store.pool.query('truncate field_count');
});
afterAll(() => store.close());

function carrying(paths: Readonly<Record<string, number>>, cut = false): SampledFields {
  return { types: new Map(Object.entries(paths)), cut };
}

async function counted(): Promise<string[]> {
  const { rows } = await store.pool.query<{ text: string }>(
    `select concat_ws(' ', to_char(f.stored_hour at time zone 'utc', 'HH24'), t.label, coalesce(s.label, '-'),
       f.path || ':' || f.type_set, sum(f.events), sum(f.cut_events), max(f."offset")) as text
     from field_count f join name t on t.id = f.type_id left join name s on s.id = f.service_id
     group by f.stored_hour, t.label, s.label, f.path, f.type_set`,
  );
  return rows.map(({ text }) => text).sort();
}

test('what events of the sample carry is counted with them, and the newest is remembered', async () => {
  const events = [
    eventOf(place, 0n, { fields: carrying({ '': 64, '/a': 16 }) }),
    eventOf(place, 1n),
    eventOf(place, 2n, { fields: carrying({ '': 64, '/a': 4 }, true) }),
    eventOf(place, 3n, { fields: carrying({ '': 64 }), service: null }),
  ];
  await store.ingest.storeBatch(batchOf(place, events));
  await store.ingest.storeBatch(
    batchOf(place, [eventOf(place, 4n, { fields: carrying({ '': 64, '/a': 16 }) })], micros(NOON + HOUR_US)),
  );
  expect(await counted()).toEqual([
    '12 order.placed - :64 1 0 3',
    '12 order.placed shop /a:16 1 0 0',
    '12 order.placed shop /a:4 1 0 2',
    '12 order.placed shop :64 2 1 2',
    '13 order.placed shop /a:16 1 0 4',
    '13 order.placed shop :64 1 0 4',
  ]);
});

test('a batch that is delivered again, or of which nothing is stored, counts nothing more', async () => {
  const batch = batchOf(place, [eventOf(place, 0n, { fields: carrying({ '': 64 }) })]);
  await store.ingest.storeBatch(batch);
  expect(await store.ingest.storeBatch(batch)).toMatchObject({ kind: 'moved' });
  await store.pool.query(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'planted' using errcode = '58000'; end $$`);
  await store.pool.query('create trigger refuse before insert on event for each row execute function refuse()');
  const next = batchOf(place, [eventOf(place, 1n, { fields: carrying({ '': 64 }) })]);
  await expect(store.ingest.storeBatch(next)).rejects.toMatchObject({ code: '58000' });
  await store.pool.query('drop function refuse cascade');
  expect(await counted()).toEqual(['12 order.placed shop :64 1 0 0']);
  await store.ingest.storeBatch(next);
  expect(await counted()).toEqual(['12 order.placed shop :64 2 0 1']);
});

test('beside a record that the database refuses the others are counted, and it is not', async () => {
  const bad = '00000000-0000-0000-0000-0000000000cd';
  await store.pool.query(`create function refuse_one() returns trigger language plpgsql as
    $$ begin raise exception 'refused' using errcode = '22000'; end $$`);
  await store.pool.query(`create trigger refuse_one before insert on event for each row
    when (new.event_key = '${bad}') execute function refuse_one()`);
  const events = [0n, 1n, 2n].map((offset) =>
    eventOf(place, offset, { fields: carrying({ '': 64 }), ...(offset === 1n && { id: bad }) }),
  );
  expect(await store.ingest.storeBatch(batchOf(place, events))).toEqual({ kind: 'stored' });
  await store.pool.query('drop function refuse_one cascade');
  expect(await counted()).toEqual(['12 order.placed shop :64 2 0 2']);
});

test('the longest path that can be counted fits, whatever its letters', async () => {
  const path = `/${'\u{20ac}'.repeat(500)}`;
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { fields: carrying({ [path]: 16 }) })]));
  expect(await counted()).toHaveLength(1);
});

const sketch = fc.record({
  type: fc.constantFrom('order.placed', 'order.paid'),
  service: fc.constantFrom('shop', null),
  fields: fc.option(
    fc
      .dictionary(fc.constantFrom('/a', '/b', '/b/*'), fc.integer({ min: 1, max: 127 }))
      .map((paths) => carrying({ ...paths, '': 64 })),
  ),
});

test('several writers at once count together what counting every event by hand does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sketch, { minLength: 1, maxLength: 24 }), async (sketches) => {
      await store.pool.query('truncate field_count');
      const places = await Promise.all([0, 1, 2].map(() => store.topic(`many-${topics++}`)));
      const expected: Record<string, number> = {};
      await Promise.all(
        places.map((at) => {
          const events = sketches.map((each, n): PreparedEvent => eventOf(at, BigInt(n), each));
          for (const { fields, eventType, service } of events) {
            for (const [path, set] of fields?.types ?? []) {
              const key = `${eventType} ${service ?? '-'} ${path}:${set}`;
              expected[key] = (expected[key] ?? 0) + 1;
            }
          }
          return store.ingest.storeBatch(batchOf(at, events));
        }),
      );
      const found = (await counted()).map((text) => text.split(' ').slice(1, 5));
      expect(
        Object.fromEntries(found.map(([type, service, path, n]) => [`${type} ${service} ${path}`, Number(n)])),
      ).toEqual(expected);
    }),
    { numRuns: 10 },
  );
}, 60_000);
