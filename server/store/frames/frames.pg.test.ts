import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { createFrameReader } from './frame-reader.ts';
import { createFrameWriter, FRAMES_KEPT } from './frame-writer.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

test('one writer at a time; frames of concurrent settles are numbered without a gap, and listeners hear of them', async () => {
  const reader = createFrameReader({ pool: store.pool });
  const writer = createFrameWriter({ pool: store.pool });
  const second = createFrameWriter({ pool: store.pool });
  expect(await writer.acquire()).toBe(true);
  expect(await second.acquire()).toBe(false);
  let notices = 0;
  const listening = await reader.listen(() => notices++);
  const place = await store.topic('frames');
  for (let offset = 0n; offset < 8n; offset++) {
    await store.ingest.storeBatch(batchOf(place, [eventOf(place, offset, { correlation: `f-${offset}` })]));
    await Promise.all([store.settleAll(), store.settleAll(), writer.flush()]);
  }
  await store.settleAll();
  await writer.flush();
  await expect.poll(() => notices, { timeout: 30_000 }).toBeGreaterThan(0);
  const frames = await reader.after(0n, 100);
  expect(frames?.map((each) => each.number)).toEqual(frames?.map((_, index) => BigInt(index + 1)));
  expect(await reader.newest()).toBe(BigInt(frames?.length ?? 0));
  const keys = frames?.flatMap(({ frame }) => (frame.kind === 'traces' ? frame.keys : []));
  expect(new Set(keys).size).toBe(8);
  expect(await writer.flush()).toBe(0);
  await listening.close();
  await writer.release();
  expect(await second.acquire()).toBe(true);
  await second.release();
});

test('a client whose next frame was dropped, or whose number was never given, starts anew', async () => {
  const reader = createFrameReader({ pool: store.pool });
  const writer = createFrameWriter({ pool: store.pool });
  await writer.acquire();
  const before = await reader.newest();
  await store.pool.query(
    `insert into frame_outbox (body) select '{"kind":"traces","keys":[],"at":"x"}' from generate_series(1, $1)`,
    [FRAMES_KEPT + 5],
  );
  while ((await writer.flush()) > 0);
  await writer.release();
  const newest = before + BigInt(FRAMES_KEPT + 5);
  expect(await reader.newest()).toBe(newest);
  expect(await reader.after(newest - BigInt(FRAMES_KEPT) - 1n, 10)).toBe(null);
  expect(await reader.after(newest - BigInt(FRAMES_KEPT), 10)).toHaveLength(10);
  expect(await reader.after(newest, 10)).toEqual([]);
  expect(await reader.after(newest + 1n, 10)).toBe(null);
});

test('a writer that lost its connection cannot write', async () => {
  const writer = createFrameWriter({ pool: store.pool });
  await writer.acquire();
  await store.pool.query(`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and classid = 7203 and database = (select oid from pg_database where datname = current_database())`);
  await expect(writer.flush()).rejects.toThrow();
  await expect(writer.flush()).rejects.toMatchObject({ code: 'not_frame_writer' });
});
