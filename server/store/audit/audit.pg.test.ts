import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyHash } from '../../model/body-hash.ts';
import { micros } from '../../model/time.ts';
import { EMPTY_TOPOLOGY } from '../../model/trace.ts';
import { runAudit } from '../../settle/run-audit.ts';
import { createRetentionStore } from '../retention/retention-store.ts';
import { SEGMENT_RECORDS } from '../segment.ts';
import {
  batchOf,
  type EventSketch,
  eventOf,
  NOON,
  openStore,
  stitchAll,
  type TestStore,
} from '../store.test-support.ts';
import { createAuditStore } from './audit-store.ts';

const SIZE = { minutes: 60, segments: 20 };

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const place = await store.topic('audited');
  // One minute for each shard: a lot falls on a minute with one of them.
  const events = Array.from({ length: 2 * SEGMENT_RECORDS }, (_, index) => {
    const value = Buffer.from(`{"n":${index}}`);
    const sketch = {
      correlation: `trace-${index % 40}`,
      id: `e-${index}`,
      value,
      at: NOON + (index % 4) * 60_000_000 + index * 1000,
    };
    return { ...eventOf(place, BigInt(index), sketch), bodyHash: bodyHash(value) };
  });
  await store.ingest.storeBatch(batchOf(place, events));
  await store.settleAll();
});
afterAll(() => store.close());

const audited = () =>
  runAudit(
    createAuditStore({ pool: store.pool, workspaceId: 1 }),
    { settle: stitchAll, topologyVersion: EMPTY_TOPOLOGY.version },
    SIZE,
  );

/** Runs until the lot has fallen on what was spoilt. */
async function findsSomething(): Promise<string> {
  for (let tries = 0; tries < 50; tries += 1) {
    const { differences } = await audited();
    if (differences[0] !== undefined) return differences.map(({ what }) => what).join(' ');
  }
  throw new Error('nothing was found');
}

test('what is stored as it should be differs in nothing, and the audit is kept', async () => {
  const result = await audited();
  expect(result).toMatchObject({ passedOver: 0, differences: [] });
  expect(result.minutes).toBeGreaterThan(0);
  expect(result.records).toBe(SEGMENT_RECORDS * result.segments);
  const { rows } = await store.pool.query('select minutes, differences from audit order by id desc limit 1');
  expect(rows).toEqual([{ minutes: result.minutes, differences: [] }]);
});

test('minutes of traces that wait for settle are passed over', async () => {
  const place = await store.topic('waiting');
  await store.ingest.storeBatch(
    batchOf(
      place,
      [0, 1, 2, 3].map((n) => eventOf(place, BigInt(n), { correlation: `w-${n}`, at: NOON })),
    ),
  );
  let passedOver = 0;
  for (let tries = 0; tries < 30 && passedOver === 0; tries += 1) passedOver += (await audited()).passedOver;
  expect(passedOver).toBeGreaterThan(0);
  await store.settleAll();
});

test('traces that go on after a day that is gone are recounted, without what is sealed of them', async () => {
  const other = await openStore();
  const DAY_MS = 86_400_000;
  try {
    const place = await other.topic('going-on');
    const eventsOf = (first: number, sketch: (n: number) => EventSketch) =>
      Array.from({ length: 20 }, (_, n) => eventOf(place, BigInt(first + n), { correlation: `on-${n}`, ...sketch(n) }));
    const begun = eventsOf(0, (n) => ({ id: `a-${n}`, at: NOON }));
    const gone = eventsOf(20, (n) => ({ id: `b-${n}`, cause: `a-${n}`, at: NOON + 60_000_000 }));
    const on = eventsOf(40, (n) => ({ id: `c-${n}`, cause: `b-${n}`, at: NOON + 120_000_000 }));
    await other.ingest.storeBatch(batchOf(place, begun));
    await other.ingest.storeBatch(batchOf(place, [...gone, ...on], micros(NOON + DAY_MS * 1000)));
    await other.settleAll();
    const policy = { payload: 2 * DAY_MS, events: 2 * DAY_MS, aggregates: 400 * DAY_MS };
    const retention = createRetentionStore({ ...other, settle: stitchAll, now: () => NOON / 1000 + 3 * DAY_MS });
    await retention.expire({ ageMs: policy, payloadBytes: null, totalBytes: null });
    const audits = createAuditStore({ pool: other.pool, workspaceId: 1 });
    const rules = { settle: stitchAll, topologyVersion: EMPTY_TOPOLOGY.version };
    const recountAll = () =>
      Promise.all([0, 1, 2, 3].map((shard) => audits.recount({ minute: micros(NOON + 120_000_000), shard }, rules)));
    for (const recount of await recountAll()) expect(recount).toMatchObject({ kind: 'recounted', differences: [] });
    await other.pool.query('update hop set sealed = false');
    expect((await recountAll()).some((recount) => recount.kind === 'recounted' && recount.differences.length > 0)).toBe(
      true,
    );
  } finally {
    await other.close();
  }
});

test('a payload that has expired is no difference', async () => {
  const other = await openStore();
  const DAY_MS = 86_400_000;
  try {
    const place = await other.topic('paid-off');
    const value = Buffer.from('{}');
    const events = Array.from({ length: 40 }, (_, n) => ({
      ...eventOf(place, BigInt(n), { correlation: `t-${n}`, at: NOON, value }),
      bodyHash: bodyHash(value),
    }));
    await other.ingest.storeBatch(batchOf(place, events));
    await other.settleAll();
    const audits = createAuditStore({ pool: other.pool, workspaceId: 1 });
    expect(await audits.checkSegments(20)).toMatchObject({ differences: [] });
    const policy = { payload: 2 * DAY_MS, events: 30 * DAY_MS, aggregates: 400 * DAY_MS };
    const retention = createRetentionStore({ ...other, settle: stitchAll, now: () => NOON / 1000 + 4 * DAY_MS });
    await retention.expire({ ageMs: policy, payloadBytes: null, totalBytes: null });
    const { rows } = await other.pool.query(
      'select (select count(*) from segment)::int as segments, (select count(*) from segment_bytes)::int as bytes',
    );
    expect(rows).toEqual([{ segments: 2, bytes: 0 }]);
    expect(await audits.checkSegments(20)).toEqual({ segments: 0, records: 0, differences: [] });
  } finally {
    await other.close();
  }
});

const SPOILT: readonly (readonly [string, string, RegExp])[] = [
  ['a sum that counts one too many', 'update hop_by_minute set effects = effects + 1', /effects is/],
  [
    'a histogram that lost its times',
    "update hop_by_minute set histogram = '', measured = 0 where measured > 0",
    /measured is/,
  ],
  ['a sum that is gone', 'delete from hop_by_minute where measured > 0', /not stored/],
  ['an event whose body hash is another', 'update event set body_hash = 1', /body hash/],
  ['a record without its event', 'delete from event', /no event row|do not give/],
  ['a segment that is gone', 'delete from segment', /no segment/],
  ['one segment that is gone among others', 'delete from segment where base_offset > 0', /no segment holds its record/],
  ['the bytes of a segment that are gone', 'delete from segment_bytes', /no bytes/],
];

test.each(SPOILT)('%s is found', async (_what, sql, expected) => {
  const client = await store.pool.connect();
  const names = ['hop_by_minute', 'event', 'segment', 'segment_bytes'];
  for (const name of names) await client.query(`create temp table kept_${name} as select * from ${name}`);
  try {
    await client.query(sql);
    expect(await findsSomething()).toMatch(expected);
  } finally {
    for (const name of names) {
      await client.query(`delete from ${name}`);
      await client.query(`insert into ${name} select * from kept_${name}`);
      await client.query(`drop table kept_${name}`);
    }
    client.release();
  }
});

test('minutes and shards are chosen among all, though one event says that it is of 1970', async () => {
  const place = await store.topic('long-ago');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation: 'long-ago', at: 0 })]));
  await store.settleAll();
  const audit = createAuditStore({ pool: store.pool, workspaceId: 1 });
  const [minutes, shards] = [new Set<number>(), new Set<number>()];
  for (let tries = 0; tries < 50; tries += 1) {
    for (const { minute, shard } of await audit.chooseMinutes(3)) {
      minutes.add((minute - NOON) / 60_000_000);
      shards.add(shard);
    }
  }
  expect([...minutes]).toEqual(expect.arrayContaining([0, 1, 2, 3]));
  expect(shards.size).toBe(4);
});
