import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { traceKey } from '../../model/trace-key.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { findOriginals } from './find-originals.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const look = () => findOriginals(store.pool, 1);

/** Makes every dead letter due that still looks for its original. */
const makeDue = () => store.pool.query('update dead_letter set look_at = now() where look_at is not null');

const originalAt = (topic: string, offset: bigint, timestamp = NOON) => ({ topic, partition: 0, offset, timestamp });

async function stateOf(place: TopicPartition, offset: bigint) {
  const { rows } = await store.pool.query(
    `select original_state as state, original_trace_key::text as trace, look_at is not null as looking from dead_letter
     where incarnation_id = $1 and "offset" = $2`,
    [place.incarnationId, offset.toString()],
  );
  return rows[0];
}

const traceOf = (correlation: string) => store.reads.trace({ id: correlation }, { includePayload: false, limit: 10 });

test('an original that is stored is found by its coordinates, and its trace fails by it', async () => {
  const [orders, dlq] = [await store.topic('orders'), await store.topic('orders.dlq')];
  await store.ingest.storeBatch(batchOf(orders, [eventOf(orders, 0n, { correlation: 'buyer' })]));
  await store.settleAll();
  const letter = { correlation: 'of-the-consumer', deadLetter: { original: originalAt('orders', 0n), reason: 'no' } };
  await store.ingest.storeBatch(batchOf(dlq, [eventOf(dlq, 0n, letter)]));
  await store.settleAll();
  expect(await traceOf('buyer')).toMatchObject({ status: 'running', dead_letter_count: 0 });
  expect(await look()).toEqual({ looked: 1, found: 1, more: false });
  expect(await stateOf(dlq, 0n)).toEqual({ state: 2, trace: traceKey(1, 'correlation', 'buyer'), looking: false });
  // Not settled yet, and settled: the same.
  expect(await traceOf('buyer')).toMatchObject({ status: 'failed', dead_letter_count: 1 });
  expect(await store.settleAll()).toBe(1);
  expect(await traceOf('buyer')).toMatchObject({ status: 'failed', dead_letter_count: 1, event_count: 1 });
  // Its own trace never changes.
  expect(await traceOf('of-the-consumer')).toMatchObject({ status: 'failed', dead_letter_count: 1 });
});

test('one that is not read yet is found once the tap has come there', async () => {
  const [orders, dlq] = [await store.topic('late'), await store.topic('late.dlq')];
  const letter = { correlation: 'x', deadLetter: { original: originalAt('late', 3n) } };
  await store.ingest.storeBatch(batchOf(dlq, [eventOf(dlq, 0n, letter)]));
  expect(await look()).toMatchObject({ looked: 1, found: 0 });
  expect(await stateOf(dlq, 0n)).toEqual({ state: 1, trace: null, looking: true });
  expect(await look()).toMatchObject({ looked: 0 });
  await store.ingest.storeBatch(
    batchOf(
      orders,
      [0n, 1n, 2n, 3n].map((offset) => eventOf(orders, offset, { correlation: `b-${offset}` })),
    ),
  );
  await makeDue();
  expect(await look()).toMatchObject({ looked: 1, found: 1 });
  expect(await stateOf(dlq, 0n)).toMatchObject({ state: 2, trace: traceKey(1, 'correlation', 'b-3') });
});

test('a topic that nobody ever saw is asked for ever less often, at last once a day', async () => {
  const dlq = await store.topic('unseen.dlq');
  const letter = eventOf(dlq, 0n, { correlation: 'u', deadLetter: { original: originalAt('unseen', 0n) } });
  await store.ingest.storeBatch(batchOf(dlq, [letter]));
  const restOf = async (age: string) => {
    await store.pool.query(
      `update dead_letter set stored_at = clock_timestamp() - $2::interval, look_at = now() where incarnation_id = $1`,
      [dlq.incarnationId, age],
    );
    expect(await look()).toMatchObject({ looked: 1, found: 0 });
    const { rows } = await store.pool.query(
      `select round(extract(epoch from look_at - clock_timestamp()) / 60)::int as minutes from dead_letter
       where incarnation_id = $1`,
      [dlq.incarnationId],
    );
    return rows[0].minutes;
  };
  expect([await restOf('4 minutes'), await restOf('8 hours'), await restOf('300 days')]).toEqual([1, 120, 1440]);
  await store.pool.query('update dead_letter set look_at = null where incarnation_id = $1', [dlq.incarnationId]);
});

test('one that the tap has passed and has not is said to be not stored; an unknown topic may come yet', async () => {
  const [orders, dlq] = [await store.topic('holey'), await store.topic('holey.dlq')];
  const events = [5n, 6n].map((offset) => eventOf(orders, offset));
  await store.ingest.storeBatch({ ...batchOf(orders, events), expectedOffset: 0n });
  const letters = [originalAt('holey', 2n), originalAt('nowhere', 0n), originalAt('holey', 5n)].map((original, at) =>
    eventOf(dlq, BigInt(at), { correlation: 'y', deadLetter: { original } }),
  );
  await store.ingest.storeBatch(batchOf(dlq, letters));
  expect(await look()).toMatchObject({ looked: 3, found: 1 });
  expect(await stateOf(dlq, 0n)).toMatchObject({ state: 3, looking: false });
  expect(await stateOf(dlq, 1n)).toMatchObject({ state: 4, looking: true });
  expect(await stateOf(dlq, 2n)).toMatchObject({ state: 2 });
});

test('one that names no place is looked for by nobody', async () => {
  const dlq = await store.topic('silent.dlq');
  const places = [{}, { original: { topic: 'orders', partition: null, offset: 1n, timestamp: null } }];
  await store.ingest.storeBatch(
    batchOf(
      dlq,
      places.map((deadLetter, at) => eventOf(dlq, BigInt(at), { deadLetter })),
    ),
  );
  await makeDue();
  expect(await stateOf(dlq, 0n)).toMatchObject({ state: 0, looking: false });
  expect(await stateOf(dlq, 1n)).toMatchObject({ state: 0, looking: false });
});

test('of a topic with several lives the one at the time of the original is meant, else the latest', async () => {
  const first = await store.topic('lives');
  await store.ingest.storeBatch(batchOf(first, [eventOf(first, 0n, { correlation: 'first-life' })]));
  const begun = Date.UTC(2026, 2, 1);
  await store.pool.query('update incarnation set first_seen_at = to_timestamp($2) where id = $1', [
    first.incarnationId,
    begun / 1000,
  ]);
  await store.pool.query('update incarnation set gone_at = to_timestamp($2) where id = $1', [
    first.incarnationId,
    begun / 1000 + 3600,
  ]);
  const second = await store.topic('lives');
  await store.pool.query('update incarnation set first_seen_at = to_timestamp($2) where id = $1', [
    second.incarnationId,
    begun / 1000 + 3600,
  ]);
  await store.ingest.storeBatch(batchOf(second, [eventOf(second, 0n, { correlation: 'second-life' })]));
  const dlq = await store.topic('lives.dlq');
  const at = (hours: number | null) => ({
    ...originalAt('lives', 0n),
    timestamp: hours === null ? null : micros((begun + hours * 3_600_000) * 1000),
  });
  const letters = [at(0.5), at(2), at(null), at(-5)].map((original, place) =>
    eventOf(dlq, BigInt(place), { correlation: 'z', deadLetter: { original } }),
  );
  await store.ingest.storeBatch(batchOf(dlq, letters));
  await look();
  const traces = await Promise.all([0n, 1n, 2n, 3n].map(async (offset) => (await stateOf(dlq, offset)).trace));
  const [one, two] = [traceKey(1, 'correlation', 'first-life'), traceKey(1, 'correlation', 'second-life')];
  expect(traces).toEqual([one, two, two, one]);
});

test('a dead letter is counted with its group in the transaction of its event, NUL and surrogates included', async () => {
  const dlq = await store.topic('counted.dlq');
  const facts = { reason: 'a\0b\uD800', fingerprint: 'a\0b\uD800', errorClass: '\0', consumerGroup: '\uDC00' };
  const events = [0n, 1n, 2n].map((offset) =>
    eventOf(dlq, offset, { deadLetter: offset === 2n ? { reason: 'other', fingerprint: 'other' } : facts }),
  );
  expect(await store.ingest.storeBatch(batchOf(dlq, events))).toEqual({ kind: 'stored' });
  const { rows } = await store.pool.query(
    `select g.fingerprint, g.error_class, sum(c.records)::int as n from dead_letter_group g
     join dead_letter_count c on c.group_key = g.key where g.incarnation_id = $1 group by 1, 2 order by 1`,
    [dlq.incarnationId],
  );
  expect(rows).toEqual([
    { fingerprint: 'a␀b\uFFFD', error_class: '␀', n: 2 },
    { fingerprint: 'other', error_class: '', n: 1 },
  ]);
});

test('a dead letter that the database refuses stays one, as a poison value', async () => {
  const dlq = await store.topic('poison.dlq');
  await store.pool.query(`create function refuse_letter() returns trigger language plpgsql as
    $$ begin raise exception 'refused' using errcode = '22P05'; end $$`);
  await store.pool.query(`create trigger refuse_letter before insert on dead_letter for each row
    when (new.reason = 'refuse me') execute function refuse_letter()`);
  const events = ['fine', 'refuse me'].map((reason, at) => eventOf(dlq, BigInt(at), { deadLetter: { reason } }));
  expect(await store.ingest.storeBatch(batchOf(dlq, events))).toEqual({ kind: 'stored' });
  await store.pool.query('drop trigger refuse_letter on dead_letter');
  const { rows } = await store.pool.query(
    'select reason, problems from dead_letter where incarnation_id = $1 order by "offset"',
    [dlq.incarnationId],
  );
  expect(rows).toEqual([
    { reason: 'fine', problems: 0 },
    { reason: null, problems: 2048 },
  ]);
  const { rows: counted } = await store.pool.query(
    `select sum(c.records)::int as n from dead_letter_count c join dead_letter_group g on g.key = c.group_key
     where g.incarnation_id = $1`,
    [dlq.incarnationId],
  );
  expect(counted).toEqual([{ n: 2 }]);
});
