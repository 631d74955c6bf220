import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodyHash } from '../../model/body-hash.ts';
import { EMPTY_TOPOLOGY, EPISODE_GAP_MS } from '../../model/trace.ts';
import type { OpenTrace } from '../../ports/settle-store.ts';
import { runAudit } from '../../settle/run-audit.ts';
import { settleTraces } from '../../settle/settle-traces.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { createAuditStore } from './audit-store.ts';

const settle = (open: readonly OpenTrace[]) => settleTraces(open, EMPTY_TOPOLOGY, { episodeGapMs: EPISODE_GAP_MS });
const SIZE = { minutes: 60, segments: 20 };

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const place = await store.topic('audited');
  // One minute for each shard: a lot falls on a minute with one of them.
  const events = Array.from({ length: 80 }, (_, index) => {
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
    { settle, topologyVersion: EMPTY_TOPOLOGY.version },
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
  expect(result.records).toBe(80 * result.segments);
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

test('minutes of days that have expired are left alone: their events are not stored any more', async () => {
  const expire = (day: string) =>
    store.pool.query(
      `insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why)
       values (1, 'events', $1, 0, 0, 0, 0, 'age')`,
      [day],
    );
  await expire('2026-02-26');
  expect((await audited()).minutes).toBeGreaterThan(0);
  await expire('2026-03-01');
  expect(await audited()).toMatchObject({ minutes: 0, passedOver: 0 });
  await store.pool.query('delete from expired_day');
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
];

test.each(SPOILT)('%s is found', async (_what, sql, expected) => {
  const client = await store.pool.connect();
  const names = ['hop_by_minute', 'event'];
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
