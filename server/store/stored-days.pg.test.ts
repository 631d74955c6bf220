import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batchOf, eventOf, NOON, openStore, type TestStore } from './store.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

async function partitionsOf(day: string): Promise<string[]> {
  const { rows } = await store.pool.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     join kept_table k on i.inhparent = k.name::regclass where c.relname = period_table(k.name, k.span, $1::date) order by 1`,
    [day],
  );
  return rows.map((row) => row.name);
}

test('a stored day gets its partitions, with the indexes and the storage of their tables', async () => {
  await store.pool.query(`select ensure_stored_day('2031-05-07')`);
  expect(await partitionsOf('2031-05-07')).toEqual([
    'committed_change_20310507',
    'dead_letter_20310507',
    'dead_letter_count_20310507',
    'dialect_count_20310507',
    'event_20310507',
    'field_count_20310507',
    'hop_20310507',
    'ingest_count_203105',
    'segment_20310507',
    'segment_bytes_20310507',
    'term_20310507',
    'violation_20310507',
    'violation_count_20310507',
    'watch_round_20310507',
    'watermark_change_20310507',
  ]);
  const { rows: indexes } = await store.pool.query<{ own: number; attached: number }>(
    `select count(*)::int as own, count(h.inhrelid)::int as attached from pg_index x
     left join pg_inherits h on h.inhrelid = x.indexrelid
     where x.indrelid in ('event_20310507'::regclass, 'hop_20310507'::regclass, 'ingest_count_203105'::regclass)`,
  );
  const { rows: parents } = await store.pool.query<{ n: number }>(
    `select count(*)::int as n from pg_index
     where indrelid in ('event'::regclass, 'hop'::regclass, 'ingest_count'::regclass)`,
  );
  expect(indexes).toEqual([{ own: parents[0]?.n, attached: parents[0]?.n }]);
  const { rows: storage } = await store.pool.query(
    `select attstorage from pg_attribute where attrelid = 'segment_bytes_20310507'::regclass and attname = 'bytes'`,
  );
  expect(storage).toEqual([{ attstorage: 'e' }]);
});

test('processes that make a day at once do not disturb each other', async () => {
  await Promise.all([1, 2, 3, 4].map(() => store.pool.query(`select ensure_stored_day('2031-05-08')`)));
  expect(await partitionsOf('2031-05-08')).toHaveLength(15);
});

test('neither a long read nor a writer holds a new day up, and neither is held up by it', async () => {
  const place = await store.topic('busy');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n)]));
  const [reader, writer, maker] = await Promise.all(
    [1, 2, 3].map(async () => {
      const client = new pg.Client({ connectionString: store.database.url });
      await client.connect();
      return client;
    }),
  );
  if (reader === undefined || writer === undefined || maker === undefined) throw new Error('three clients');
  const tables = ['event', 'segment', 'segment_bytes', 'hop', 'ingest_count'];
  await reader.query('begin isolation level repeatable read read only');
  for (const table of tables) await reader.query(`select count(*) from ${table}`);
  await writer.query('begin');
  for (const table of tables) await writer.query(`insert into ${table} select * from ${table} where false`);
  // Both stay in their transactions. Waiting for either would end by this, with an error.
  await maker.query(`set lock_timeout = '5s'`);
  await maker.query('begin');
  await maker.query(`select ensure_stored_day('2031-05-09')`);
  await store.pool.query(`set lock_timeout = '5s'`);
  expect(await store.ingest.storeBatch(batchOf(place, [eventOf(place, 1n)]))).toEqual({ kind: 'stored' });
  await maker.query('commit');
  await Promise.all([reader, writer].map((client) => client.query('rollback')));
  await Promise.all([reader, writer, maker].map((client) => client.end()));
});

test('the running totals of a partition are what its rows say, poisoned records included', async () => {
  const place = await store.topic('totals');
  await store.ingest.storeBatch(
    batchOf(place, [
      eventOf(place, 0n),
      { ...eventOf(place, 1n), traceKey: 'no uuid' },
      eventOf(place, 2n, { correlation: null }),
      { ...eventOf(place, 3n), reason: 'not json' },
    ]),
  );
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 4n, { correlation: null })], NOON));
  const { rows } = await store.pool.query(
    `select stored_count, undecodable_count, uncorrelated_count, all_read_at is not null as all_read
     from partition_state where incarnation_id = $1`,
    [place.incarnationId],
  );
  expect(rows).toEqual([{ stored_count: '5', undecodable_count: '2', uncorrelated_count: '2', all_read: true }]);
});

test('a database of the version before keeps its counts, by month, and learns its totals', async () => {
  const client = new pg.Client({ connectionString: store.database.url });
  await client.connect();
  await client.query('create schema before');
  await client.query('set search_path to before');
  const sql = (file: string) => readFile(new URL(`migrations/${file}`, import.meta.url), 'utf8');
  await client.query(await sql('000001.sql'));
  await client.query(`
    select ensure_stored_day('2026-02-28'), ensure_stored_day('2026-03-01');
    insert into partition_state (incarnation_id, partition, first_offset, next_offset) values (1, 0, 0, 2);
    insert into event select day, 1, 0, n, gen_random_uuid(), null, null, 0, 1, null, 1, day, day, day, 1, 1, 1, false, 0,
      reason, 1, 1 from (values ('2026-02-28'::date, 0, null), ('2026-03-01', 1, 1), ('2026-03-01', 2, 9)) v(day, n, reason);
    insert into ingest_count select gen_random_uuid(), at, at, 1, 1, 0, 0, 0, 1, 5
      from (values ('2026-02-28T23:59:00Z'::timestamptz), ('2026-03-01T00:00:00Z')) v(at)`);
  await client.query(await sql('000002.sql'));
  const { rows: counts } = await client.query(
    'select tableoid::regclass::text as part, records from ingest_count order by 1',
  );
  expect(counts).toEqual([
    { part: 'ingest_count_202602', records: '5' },
    { part: 'ingest_count_202603', records: '5' },
  ]);
  const { rows: totals } = await client.query(
    'select stored_count, undecodable_count, uncorrelated_count from partition_state',
  );
  expect(totals).toEqual([{ stored_count: '3', undecodable_count: '1', uncorrelated_count: '1' }]);
  await client.end();
});
