import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TopicPartition } from '../../ports/source.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

/** Three batches of two records: three segments, of which a test breaks the middle one. */
async function threeSegments(topic: string): Promise<TopicPartition> {
  const place = await store.topic(topic);
  for (const first of [0n, 2n, 4n]) {
    const events = [first, first + 1n].map((offset) => eventOf(place, offset, { correlation: topic }));
    await store.ingest.storeBatch(batchOf(place, events));
  }
  await store.settleAll();
  return place;
}

const whyOf = async (topic: string) =>
  Promise.all(
    [0, 1, 2, 3, 4, 5].map(async (offset) => (await store.reads.event(`test/${topic}~1/0/${offset}`))?.payload_missing),
  );

const noted = async ({ incarnationId }: TopicPartition) =>
  (
    await store.pool.query(
      'select base_offset, record_count, why from damage where incarnation_id = $1 order by base_offset',
      [incarnationId],
    )
  ).rows;

const BREAK = {
  checksum: `update segment_bytes set bytes = set_byte(bytes, 7, get_byte(bytes, 7) # 255)`,
  lost: 'delete from segment_bytes',
};

test.each(Object.entries(BREAK))(
  'bytes that fail by %s are said record by record, and hide no other',
  async (why, sql) => {
    const place = await threeSegments(`bad-${why}`);
    await store.pool.query(`${sql} where incarnation_id = $1 and base_offset = 2`, [place.incarnationId]);
    const trace = await store.reads.trace({ id: `bad-${why}` }, { includePayload: true, limit: 10 });
    expect(trace?.events.map((event) => [event.payload_missing, event.payload?.text])).toEqual([
      [null, '{"offset":0}'],
      [null, '{"offset":1}'],
      [why, undefined],
      [why, undefined],
      [null, '{"offset":4}'],
      [null, '{"offset":5}'],
    ]);
    expect(await whyOf(`bad-${why}`)).toEqual([null, null, why, why, null, null]);
    expect(await noted(place)).toEqual([{ base_offset: '2', record_count: 2, why }]);
    expect(
      (await store.reads.traces({ q: `bad-${why}`, singles: 'all', includeLine: true, limit: 5 })).traces,
    ).toHaveLength(1);
    expect((await store.reads.events({ topic: `bad-${why}`, clock: 'occurred', limit: 9 })).events).toHaveLength(6);
  },
);

test('bytes with a right checksum and a wrong layout are damaged too', async () => {
  const place = await threeSegments('layout');
  await store.pool.query(
    `update segment_bytes set bytes = '', checksum = 0 where incarnation_id = $1 and base_offset = 2`,
    [place.incarnationId],
  );
  expect(await whyOf('layout')).toEqual([null, null, 'layout', 'layout', null, null]);
  expect(await noted(place)).toEqual([{ base_offset: '2', record_count: 2, why: 'layout' }]);
});

test('a segment row that is gone loses no record of a trace whose bytes are still there', async () => {
  const place = await threeSegments('no-row');
  await store.pool.query('delete from segment where incarnation_id = $1 and base_offset = 2', [place.incarnationId]);
  const trace = await store.reads.trace({ id: 'no-row' }, { includePayload: true, limit: 10 });
  expect(trace?.events.map((event) => event.payload_missing)).toEqual([null, null, null, null, null, null]);
  expect(await noted(place)).toEqual([]);
});

test('a block that PostgreSQL cannot read loses the segment in it, and no other', async () => {
  const place = await threeSegments('bad-block');
  await store.pool.query(`create function bad_block() returns boolean language plpgsql as $$ begin
    if current_query() ~ 'then bytes end|::int, b.checksum, b.bytes' then
      raise exception 'invalid page in block 7' using errcode = 'XX001';
    end if;
    return true; end $$`);
  await store.pool.query(`alter table segment_bytes enable row level security, force row level security`);
  await store.pool.query(`create policy bad on segment_bytes using (base_offset <> 2
    or incarnation_id <> ${place.incarnationId} or bad_block())`);
  const trace = await store.reads.trace({ id: 'bad-block' }, { includePayload: true, limit: 10 });
  expect(trace?.events.map((event) => event.payload_missing)).toEqual([null, null, 'lost', 'lost', null, null]);
  await store.pool.query('drop policy bad on segment_bytes');
  await store.pool.query('alter table segment_bytes disable row level security');
});
