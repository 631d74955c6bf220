import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PreparedEvent } from '../../model/event.ts';
import { SCHEMA_STATUSES, type SchemaCheck, UNCHECKED } from '../../model/schema-check.ts';
import { micros } from '../../model/time.ts';
import { MORE_PATHS, MOST_OF_FAMILY, violationGroupKey } from '../../model/violation-group.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { createRetentionStore } from '../retention/retention-store.ts';
import { batchOf, type EventSketch, eventOf, NOON, openStore, stitchAll } from '../store.test-support.ts';
import { breaks, errorAt, FITS, PAID } from '../violations.test-support.ts';
import { createIngestStore } from './ingest-store.ts';

let store: Awaited<ReturnType<typeof openStore>>;
let place: TopicPartition;
let topics = 0;

beforeAll(async () => {
  store = await openStore();
}, 60_000);

beforeEach(async () => {
  place = await store.topic(`orders-${topics++}`);
  await store.pool.query('truncate violation, violation_count, violation_group, violation_state, ingest_count');
});

afterAll(() => store.close());

async function counts(): Promise<Record<string, number>> {
  const { rows } = await store.pool.query<{ key: string; n: number }>(
    'select group_key::text as key, sum(records)::int as n from violation_count group by 1 having sum(records) <> 0',
  );
  return Object.fromEntries(rows.map(({ key, n }) => [key, n]));
}

async function logged(): Promise<string[]> {
  const { rows } = await store.pool.query<{ text: string }>(
    `select v."offset" || ' ' || g.path || ' ' || g.rule || ' ' || v.sentence as text
     from violation v join violation_group g on g.key = v.group_key where v.incarnation_id = $1
     order by v."offset", v.ordinal`,
    [place.incarnationId],
  );
  return rows.map(({ text }) => text);
}

const keyOf = (path: string, sketch: EventSketch = {}, rule = 'required') =>
  violationGroupKey({
    workspaceId: 1,
    eventType: sketch.type ?? 'order.placed',
    service: sketch.service === undefined ? 'shop' : sketch.service,
    schemaName: PAID.name,
    path,
    rule,
  });

test('what an event breaks is stored with it, and counted by its groups', async () => {
  const events = [
    eventOf(place, 0n, { check: FITS }),
    eventOf(place, 1n, { check: breaks(errorAt('/a'), errorAt('/b', 'type')) }),
    eventOf(place, 2n, { check: breaks(errorAt('/a'), errorAt('/a')) }),
    eventOf(place, 3n, { check: UNCHECKED }),
  ];
  expect(await store.ingest.storeBatch(batchOf(place, events))).toEqual({ kind: 'stored' });
  expect(await logged()).toEqual([
    '1 /a required /a is wrong by required',
    '1 /b type /b is wrong by type',
    '2 /a required /a is wrong by required',
    '2 /a required /a is wrong by required',
  ]);
  // An event counts once in a group, however often it breaks the rule there.
  expect(await counts()).toEqual({ [keyOf('/a')]: 2, [keyOf('/b', {}, 'type')]: 1 });
  const { rows } = await store.pool.query(
    'select schema_status as status, sum(records)::int as n from ingest_count group by 1 order by 1',
  );
  expect(rows).toEqual([
    { status: SCHEMA_STATUSES.unchecked, n: 1 },
    { status: SCHEMA_STATUSES.ok, n: 1 },
    { status: SCHEMA_STATUSES.violation, n: 2 },
  ]);
});

test('places in lists are one group, and each event keeps where exactly it is wrong', async () => {
  const events = [
    eventOf(place, 0n, { check: breaks(errorAt('/items/0/price'), errorAt('/items/12/price')) }),
    eventOf(place, 1n, { check: breaks(errorAt('/items/3/price'), errorAt('/v1/x01')) }),
  ];
  await store.ingest.storeBatch(batchOf(place, events));
  expect(await counts()).toEqual({ [keyOf('/items/*/price')]: 2, [keyOf('/v1/x01')]: 1 });
  const all = { from: micros(NOON - 1), to: micros(NOON + 60_000_000), limit: 10 };
  const { groups, violations } = await store.reads.violations({ ...all, path: '/items/7/price' });
  expect(groups).toMatchObject([{ path: '/items/*/price', rule: 'required', count: 2 }]);
  expect(violations.map(({ errors }) => errors.map(({ path }) => path))).toEqual([
    ['/items/3/price', '/v1/x01'],
    ['/items/0/price', '/items/12/price'],
  ]);
});

/** Groups of `MOST_OF_FAMILY` and more, and how many events are in each. */
async function countedGroups(): Promise<{ own: number; rest: number; events: number }> {
  const { rows } = await store.pool.query<{ path: string; n: number }>(
    `select g.path, sum(c.records)::int as n from violation_count c join violation_group g on g.key = c.group_key
     group by g.key having sum(c.records) <> 0`,
  );
  const rest = rows.filter(({ path }) => path === MORE_PATHS.path);
  const events = rows.reduce((sum, { n }) => sum + n, 0);
  return { own: rows.length - rest.length, rest: rest.reduce((sum, { n }) => sum + n, 0), events };
}

test('paths beyond a bound for a type, service and schema are counted in one group, and read as they are', async () => {
  // A writer remembers for a day that a family is full: a type of its own.
  const type = 'many.paths';
  const [first, second] = [0, 1].map((part) =>
    Array.from({ length: 130 }, (_, n) =>
      eventOf(place, BigInt(part * 130 + n), { type, check: breaks(errorAt(`/key-${part}-${n}`)) }),
    ),
  ) as [PreparedEvent[], PreparedEvent[]];
  await store.ingest.storeBatch(batchOf(place, first));
  await store.ingest.storeBatch(batchOf(place, second));
  expect(await countedGroups()).toEqual({ own: MOST_OF_FAMILY, rest: 60, events: 260 });
  // Those that have a group keep it, others find none, and another service has room of its own.
  const more = [errorAt('/key-0-5'), errorAt('/key-2'), errorAt('/key-3')];
  const other = eventOf(place, 261n, { type, service: 'another', check: breaks(errorAt('/key-2')) });
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 260n, { type, check: breaks(...more) }), other]));
  expect(await countedGroups()).toEqual({ own: MOST_OF_FAMILY + 1, rest: 61, events: 263 });
  expect((await counts())[keyOf('/key-0-5', { type })]).toBe(2);

  const all = { from: micros(NOON - 1), to: micros(NOON + 60_000_000), limit: 3 };
  const { groups } = await store.reads.violations({ ...all, path: MORE_PATHS.path });
  expect(groups).toMatchObject([{ ...MORE_PATHS, count: 61 }]);
  const key = groups[0]?.key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') ?? '';
  const { violations } = await store.reads.violationEvents({ ...all, group: key });
  expect(violations[0]?.errors.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
    '/key-0-5 required',
    '/key-2 required',
    '/key-3 required',
  ]);
});

test('writers that fill a family at once do not go beyond the bound', async () => {
  const others = await Promise.all([0, 1, 2, 3].map((n) => store.topic(`full-${topics++}-${n}`)));
  await Promise.all(
    others.map((other, part) => {
      const writer = createIngestStore({ pool: store.pool, workspaceId: 1, writerId: randomUUID() });
      const events = Array.from({ length: 90 }, (_, n) =>
        eventOf(other, BigInt(n), { check: breaks(errorAt(`/key-${part}-${n}`)) }),
      );
      return writer.storeBatch(batchOf(other, events));
    }),
  );
  expect(await countedGroups()).toEqual({ own: MOST_OF_FAMILY, rest: 160, events: 360 });
});

test('a batch that is delivered again is in the log once', async () => {
  const batch = batchOf(place, [eventOf(place, 0n, { check: breaks(errorAt('/a')) })]);
  await store.ingest.storeBatch(batch);
  expect(await store.ingest.storeBatch(batch)).toEqual({ kind: 'moved', nextOffset: 1n });
  expect(await counts()).toEqual({ [keyOf('/a')]: 1 });
  expect(await logged()).toHaveLength(1);
});

test('texts that a producer chose are cut and can be stored, whatever they are', async () => {
  const error = {
    ...errorAt(`/${'\0\ud800x'.repeat(2_000)}`),
    sentence: '\0'.repeat(9_000),
    was: '\udfff'.repeat(900),
  };
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { check: breaks(error) })]));
  const [text] = await logged();
  expect(text?.length).toBeLessThan(1_300);
});

test('beside a record that the database refuses the others keep their violations, and it has none', async () => {
  const bad = '00000000-0000-0000-0000-0000000000ab';
  await store.pool.query(`create function refuse_checked() returns trigger language plpgsql as
    $$ begin raise exception 'refused' using errcode = '22000'; end $$`);
  await store.pool.query(`create trigger refuse_checked before insert on event for each row
    when (new.event_key = '${bad}') execute function refuse_checked()`);
  const events = [0n, 1n, 2n].map((offset) =>
    eventOf(place, offset, { check: breaks(errorAt('/a')), ...(offset === 1n && { id: bad }) }),
  );
  expect(await store.ingest.storeBatch(batchOf(place, events))).toEqual({ kind: 'stored' });
  await store.pool.query('drop trigger refuse_checked on event');
  expect(await logged()).toEqual(['0 /a required /a is wrong by required', '2 /a required /a is wrong by required']);
  expect(await counts()).toEqual({ [keyOf('/a')]: 2 });
});

test('two writers that find the same group at once do not wait for each other for ever, and both count', async () => {
  const others = await Promise.all([1, 2, 3, 4].map((n) => store.topic(`busy-${topics++}-${n}`)));
  const sketches = Array.from({ length: 40 }, (_, n) => ({ check: breaks(errorAt(`/${n % 7}`), errorAt('/x')) }));
  await Promise.all(
    others.map((other) =>
      store.ingest.storeBatch(
        batchOf(
          other,
          sketches.map((sketch, n) => eventOf(other, BigInt(n), sketch)),
        ),
      ),
    ),
  );
  expect((await counts())[keyOf('/x')]).toBe(160);
});

const check = fc.oneof(
  fc.constant(UNCHECKED),
  fc.constant(FITS),
  fc
    .array(fc.tuple(fc.constantFrom('/a', '/b', '/c'), fc.constantFrom('type', 'enum')), { minLength: 1, maxLength: 5 })
    .map((pairs): SchemaCheck => breaks(...pairs.map(([path, rule]) => errorAt(path, rule)))),
);
const sketch = fc.record({
  check,
  type: fc.constantFrom('order.placed', 'order.paid'),
  service: fc.constantFrom('shop', null),
  at: fc.integer({ min: 0, max: 180 }).map((seconds) => NOON + seconds * 1_000_000),
});

test('the counts of any batches are those of counting every event by hand', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(sketch, { minLength: 1, maxLength: 30 }), async (sketches) => {
      place = await store.topic(`random-${topics++}`);
      await store.pool.query('truncate violation, violation_count, violation_group');
      const middle = Math.ceil(sketches.length / 2);
      const events = sketches.map((each, n) => eventOf(place, BigInt(n), each));
      await store.ingest.storeBatch(batchOf(place, events.slice(0, middle)));
      if (middle < events.length) await store.ingest.storeBatch(batchOf(place, events.slice(middle)));
      const expected: Record<string, number> = {};
      for (const each of sketches) {
        const keys = new Set(each.check.errors.map(({ path, rule }) => keyOf(path, each, rule)));
        for (const key of keys) expected[key] = (expected[key] ?? 0) + 1;
      }
      expect(await counts()).toEqual(expected);
      expect(await logged()).toHaveLength(sketches.reduce((sum, each) => sum + each.check.errors.length, 0));
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('a trace counts its events that break their schemas, before and after it is settled', async () => {
  const correlation = `trace-${topics}`;
  const events = [
    eventOf(place, 0n, { correlation, check: breaks(errorAt('/a'), errorAt('/b')) }),
    eventOf(place, 1n, { correlation, check: FITS }),
  ];
  await store.ingest.storeBatch(batchOf(place, events));
  const read = () => store.reads.trace({ id: correlation }, { includePayload: false, limit: 10 });
  expect((await read())?.violation_count).toBe(1);
  await store.settleAll();
  expect((await read())?.violation_count).toBe(1);
});

test('the log of a day goes with the day, and groups that nothing is left of with it', async () => {
  const old = micros(NOON - 40 * 86_400_000_000);
  await store.ingest.storeBatch(
    batchOf(place, [eventOf(place, 0n, { check: breaks(errorAt('/gone'), errorAt('/kept')) })], old),
  );
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 1n, { check: breaks(errorAt('/kept')) })]));
  const day = 86_400_000;
  const retention = createRetentionStore({ pool: store.pool, settle: stitchAll, now: () => NOON / 1000 });
  await retention.expire({
    ageMs: { payload: day, events: 30 * day, aggregates: 400 * day },
    payloadBytes: null,
    totalBytes: null,
  });
  expect(await counts()).toEqual({ [keyOf('/kept')]: 1 });
  expect(await logged()).toEqual(['1 /kept required /kept is wrong by required']);
  const { rows } = await store.pool.query('select path from violation_group');
  expect(rows).toEqual([{ path: '/kept' }]);
});

test('a group that expired is not taken for one that is there: its room is another’s', async () => {
  const type = 'many.paths.again';
  const later = micros(NOON + 40 * 86_400_000_000);
  const batch = (first: number, prefix: string, storedAt: typeof later) =>
    batchOf(
      place,
      Array.from({ length: MOST_OF_FAMILY }, (_, n) =>
        eventOf(place, BigInt(first + n), { type, check: breaks(errorAt(`/${prefix}-${n}`)) }),
      ),
      storedAt,
    );
  await store.ingest.storeBatch(batch(0, 'former', NOON));
  const day = 86_400_000;
  await createRetentionStore({ pool: store.pool, settle: stitchAll, now: () => later / 1000 }).expire({
    ageMs: { payload: day, events: 30 * day, aggregates: 400 * day },
    payloadBytes: null,
    totalBytes: null,
  });
  await store.ingest.storeBatch(batch(MOST_OF_FAMILY, 'later', later));
  const again = eventOf(place, BigInt(2 * MOST_OF_FAMILY), { type, check: breaks(errorAt('/former-7')) });
  await store.ingest.storeBatch(batchOf(place, [again], later));
  const { rows } = await store.pool.query<{ n: number }>(
    `select count(*)::int as n from violation_group where path like '/former-%' or path like '/later-%'`,
  );
  expect(rows).toEqual([{ n: MOST_OF_FAMILY }]);
  expect(await countedGroups()).toMatchObject({ rest: 1 });
});
