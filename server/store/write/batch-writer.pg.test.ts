import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

async function offsetsOf(place: TopicPartition): Promise<string[]> {
  const { rows } = await store.pool.query<{ offset: string }>(
    'select "offset" from event where incarnation_id = $1 order by "offset"',
    [place.incarnationId],
  );
  return rows.map((row) => row.offset);
}

async function nextOf(place: TopicPartition): Promise<bigint | null | undefined> {
  return (await store.ingest.positions([place]))[0]?.nextOffset;
}

test('a batch is stored once, however many writers bring it at the same time', async () => {
  const place = await store.topic('race');
  const batch = batchOf(place, [eventOf(place, 0n), eventOf(place, 1n)]);
  const answers = await Promise.all([1, 2, 3, 4].map(() => store.ingest.storeBatch(batch)));
  expect(answers.filter((answer) => answer.kind === 'stored')).toHaveLength(1);
  expect(answers.filter((answer) => answer.kind === 'moved' && answer.nextOffset === 2n)).toHaveLength(3);
  expect(await offsetsOf(place)).toEqual(['0', '1']);
});

test('a batch that does not continue the stored position is answered with where that is', async () => {
  const place = await store.topic('elsewhere');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n)]));
  expect(await store.ingest.storeBatch(batchOf(place, [eventOf(place, 7n)]))).toEqual({
    kind: 'moved',
    nextOffset: 1n,
  });
  expect(await offsetsOf(place)).toEqual(['0']);
});

test('a position never goes back, also when a late batch names the right one', async () => {
  const place = await store.topic('back');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n), eventOf(place, 1n)]));
  const late = { ...batchOf(place, []), expectedOffset: 2n, nextOffset: 1n };
  expect(await store.ingest.storeBatch(late)).toEqual({ kind: 'moved', nextOffset: 2n });
  expect(await nextOf(place)).toBe(2n);
});

test('a partition that was never begun is refused, not guessed', async () => {
  const place = { incarnationId: 99_999, topic: 'never', partition: 0 };
  await expect(store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n)]))).rejects.toMatchObject({
    code: 'not_begun',
  });
});

test('a connection killed inside the transaction stores nothing, and the batch can be stored again', async () => {
  const place = await store.topic('killed');
  await store.pool.query(`create function hold() returns trigger language plpgsql as
    $$ begin perform pg_sleep(30); return new; end $$`);
  await store.pool.query(`create trigger hold before insert on dirty_mark for each row
    when (new.id_text = 'killed') execute function hold()`);
  const batch = batchOf(place, [eventOf(place, 0n, { correlation: 'killed' })]);
  const storing = store.ingest.storeBatch(batch).catch((error: unknown) => error);
  await expect
    .poll(
      async () => {
        const { rows } = await store.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event = 'PgSleep'`);
        return rows.length;
      },
      { timeout: 30_000 },
    )
    .toBe(1);
  expect(await storing).toBeInstanceOf(Error);
  expect(await offsetsOf(place)).toEqual([]);
  expect(await nextOf(place)).toBe(0n);
  await store.pool.query('drop trigger hold on dirty_mark');
  expect(await store.ingest.storeBatch(batch)).toEqual({ kind: 'stored' });
});

test('NUL and lone surrogates in names and ids are stored, by every event that has them', async () => {
  const place = await store.topic('strange');
  const strange = { type: 'a\0b\uD800', service: '\uDC00\0', correlation: 'id\0\uD83D' };
  expect(await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, strange)]))).toEqual({ kind: 'stored' });
  await store.settleAll();
  const trace = await store.reads.trace({ id: strange.correlation }, { includePayload: true, limit: 10 });
  expect(trace).toMatchObject({ correlation_id: 'id␀\uFFFD', event_types: ['a␀b\uFFFD'], services: ['\uFFFD␀'] });
});

test('an id of 1 MB is cut for show and found by the whole of it', async () => {
  const place = await store.topic('long-id');
  const correlation = 'x'.repeat(1_000_000);
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation })]));
  await store.settleAll();
  const trace = await store.reads.trace({ id: correlation }, { includePayload: false, limit: 10 });
  expect(trace?.correlation_id).toBe('x'.repeat(1024));
  expect(trace?.correlation_id_truncated).toBe(true);
});

test('a value of 20 MB is stored whole and shown in part', async () => {
  const place = await store.topic('large');
  const value = Buffer.alloc(20 * 1024 * 1024, 'large ');
  await store.ingest.storeBatch(
    batchOf(place, [eventOf(place, 0n), eventOf(place, 1n, { value, correlation: 'large' }), eventOf(place, 2n)]),
  );
  const event = await store.reads.event('test/large~1/0/1');
  expect(event?.payload).toMatchObject({ encoding: 'text', bytes: value.length, truncated: true });
  expect(event?.payload?.text.length).toBe(64 * 1024);
});

test('times of any year are stored, to the microsecond where numbers allow', async () => {
  const place = await store.topic('times');
  const times = [
    0,
    -1,
    Date.UTC(2099, 11, 31) * 1000 + 123_457,
    Date.UTC(9999, 11, 31) * 1000,
    1e300,
    -1e300,
    Number.NaN,
  ];
  const events = times.map((at, index) =>
    eventOf(place, BigInt(index), { at: micros(at), correlation: `time-${index}` }),
  );
  expect(await store.ingest.storeBatch(batchOf(place, events))).toEqual({ kind: 'stored' });
  await store.settleAll();
  const shown = await Promise.all(
    times.map((_, index) => store.reads.trace({ id: `time-${index}` }, { includePayload: false, limit: 1 })),
  );
  expect(shown.slice(0, 4).map((trace) => trace?.started_at)).toEqual([
    '1970-01-01T00:00:00.000000Z',
    '1969-12-31T23:59:59.999999Z',
    '2099-12-31T00:00:00.123457Z',
    '9999-12-31T00:00:00.000000Z',
  ]);
  expect(shown.slice(4).every((trace) => trace !== null)).toBe(true);
});

test('a record the database refuses is stored alone with its reason, the others as they are, the position moves once', async () => {
  const place = await store.topic('poison');
  await store.pool.query(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'refused' using errcode = '22P05'; end $$`);
  await store.pool.query(`create trigger refuse before insert on event for each row
    when (new.event_key = '00000000-0000-0000-0000-0000000000aa') execute function refuse()`);
  const events = Array.from({ length: 9 }, (_, index) =>
    eventOf(place, BigInt(index), index === 5 ? { id: '00000000-0000-0000-0000-0000000000aa' } : {}),
  );
  expect(await store.ingest.storeBatch(batchOf(place, events))).toEqual({ kind: 'stored' });
  await store.pool.query('drop trigger refuse on event');
  expect(await offsetsOf(place)).toHaveLength(9);
  expect(await nextOf(place)).toBe(9n);
  const event = await store.reads.event('test/poison~1/0/5');
  expect(event).toMatchObject({ reason: 'poison value', service: null, payload: { text: '{"offset":5}' } });
  const counts = await store.pool.query(
    'select reason, sum(records)::int as n from ingest_count where incarnation_id = $1 group by 1 order by 1',
    [place.incarnationId],
  );
  expect(counts.rows).toEqual([
    { reason: 0, n: 8 },
    { reason: 9, n: 1 },
  ]);
});

test('an unreadable trace key is a poison value too, and never takes its neighbours along', async () => {
  const place = await store.topic('bad-key');
  const events = [eventOf(place, 0n), { ...eventOf(place, 1n), traceKey: 'no uuid' }, eventOf(place, 2n)];
  expect(await store.ingest.storeBatch(batchOf(place, events))).toEqual({ kind: 'stored' });
  expect(await offsetsOf(place)).toEqual(['0', '1', '2']);
});

test('a batch without records moves the position', async () => {
  const place = await store.topic('compacted');
  const batch = { ...batchOf(place, []), expectedOffset: 0n, nextOffset: 40n };
  expect(await store.ingest.storeBatch(batch)).toEqual({ kind: 'stored' });
  expect(await nextOf(place)).toBe(40n);
});

test('a hole moves the position, is shown, and learns the times on both of its sides', async () => {
  const place = await store.topic('holes');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n)]));
  const hole = { ...place, fromOffset: 1n, toOffset: 10n, reason: 'retention' } as const;
  expect(await store.ingest.storeHole(hole, null)).toEqual({ kind: 'stored' });
  expect(await store.ingest.storeHole(hole, null)).toEqual({ kind: 'moved', nextOffset: 10n });
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 10n)]));
  const coverage = await store.reads.coverage({ from: micros(NOON - 60e6), to: micros(NOON + 60e6) });
  const [partition] = (await store.reads.partitions({ topic: 'holes', withHoles: true, limit: 5 })).partitions;
  expect(partition?.stored).toEqual([
    { from: '0', to: '1' },
    { from: '10', to: '11' },
  ]);
  expect(coverage.line.filter((stretch) => stretch.kind === 'hole')).toEqual([
    expect.objectContaining({ from: '2026-03-01T12:00:00.000000Z', to: '2026-03-01T12:00:01.000000Z' }),
  ]);
});

test('a topic made again is another incarnation, and one that is no longer listed is gone', async () => {
  const ids = ['0190a000-0000-4000-8000-000000000001', '0190a000-0000-4000-8000-000000000002'];
  const other = await store.ingest.registerCluster({ kafkaId: 'other', name: 'Other', source: 'kafka' });
  const register = async (topicId: string | null) =>
    (await store.ingest.registerTopics(other, [{ topic: 'constructor', topicId, partitions: 1 }]))[0];
  const first = await register(null);
  expect(await register(ids[0] ?? null)).toMatchObject({ incarnationId: first?.incarnationId, n: 1 });
  const second = await register(ids[1] ?? null);
  expect(second?.n).toBe(2);
  expect((await register(null))?.incarnationId).toBe(second?.incarnationId);
  const gone = await store.pool.query('select n from incarnation where cluster_id = $1 and gone_at is not null', [
    other,
  ]);
  expect(gone.rows).toEqual([{ n: 1 }]);
});

test('unreadable topics replace the list before, and one never seen is shown too', async () => {
  await store.topic('closed');
  await store.ingest.markUnreadable(store.clusterId, [
    { topic: 'closed', reason: 'not authorised' },
    { topic: 'secret', reason: 'not authorised' },
  ]);
  const listed = async () =>
    (await store.pool.query('select topic from incarnation where unreadable is not null order by topic')).rows;
  expect(await listed()).toEqual([{ topic: 'closed' }, { topic: 'secret' }]);
  await store.ingest.markUnreadable(store.clusterId, [{ topic: 'secret', reason: 'leaderless' }]);
  expect(await listed()).toEqual([{ topic: 'secret' }]);
});

test('watermarks give the lag', async () => {
  const place = await store.topic('lagging');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n)]));
  await store.ingest.storeWatermarks([{ ...place, low: 0n, high: 5n }]);
  const { partitions } = await store.reads.partitions({ topic: 'lagging', withHoles: false, limit: 5 });
  expect(partitions).toMatchObject([{ lag: '4', low: '0', high: '5' }]);
});

test('batches handed in together share a transaction, and each gets its own answer', async () => {
  const [a, b, moved] = [await store.topic('group-a'), await store.topic('group-b'), await store.topic('group-moved')];
  await store.ingest.storeBatch(batchOf(moved, [eventOf(moved, 0n)]));
  const never = { incarnationId: 99_998, topic: 'group-never', partition: 0 };
  const answers = await Promise.allSettled([
    store.ingest.storeBatch(batchOf(a, [eventOf(a, 0n), eventOf(a, 1n)])),
    store.ingest.storeBatch(batchOf(moved, [eventOf(moved, 7n)])),
    store.ingest.storeBatch(batchOf(never, [eventOf(never, 0n)])),
    store.ingest.storeBatch(batchOf(b, [eventOf(b, 0n)])),
  ]);
  expect(answers).toMatchObject([
    { status: 'fulfilled', value: { kind: 'stored' } },
    { status: 'fulfilled', value: { kind: 'moved', nextOffset: 1n } },
    { status: 'rejected', reason: { code: 'not_begun' } },
    { status: 'fulfilled', value: { kind: 'stored' } },
  ]);
  expect([await offsetsOf(a), await offsetsOf(b), await offsetsOf(moved)]).toEqual([['0', '1'], ['0'], ['0']]);
  const { rows } = await store.pool.query(
    'select count(distinct xmin::text)::int as transactions from event where incarnation_id = any($1)',
    [[a.incarnationId, b.incarnationId]],
  );
  expect(rows).toEqual([{ transactions: 1 }]);
});

test('a record that the database refuses costs those that share its transaction nothing', async () => {
  const [good, bad] = [await store.topic('group-good'), await store.topic('group-bad')];
  const poison = { ...eventOf(bad, 1n), traceKey: 'no uuid' };
  const answers = await Promise.all([
    store.ingest.storeBatch(batchOf(good, [eventOf(good, 0n)])),
    store.ingest.storeBatch(batchOf(bad, [eventOf(bad, 0n), poison, eventOf(bad, 2n)])),
  ]);
  expect(answers).toEqual([{ kind: 'stored' }, { kind: 'stored' }]);
  expect([await offsetsOf(good), await offsetsOf(bad)]).toEqual([['0'], ['0', '1', '2']]);
  const { rows } = await store.pool.query('select "offset" from event where incarnation_id = $1 and reason <> 0', [
    bad.incarnationId,
  ]);
  expect(rows).toEqual([{ offset: '1' }]);
});
