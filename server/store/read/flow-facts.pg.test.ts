import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import { micros } from '../../model/time.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

const MINUTE_US = 60_000_000;
const HOUR = { from: NOON, to: micros(NOON + 60 * MINUTE_US) };
const LATER = { from: HOUR.to, to: micros(HOUR.to + 60 * MINUTE_US) };

let store: TestStore;
let nodes: (range: typeof HOUR) => Promise<ReadonlyMap<string, { state: string; [fact: string]: unknown }>>;
beforeAll(async () => {
  store = await openStore();
  const sent = { type: 'asked', service: 'asker', at: NOON };
  const ids = new Map<string, number>();
  for (const name of ['asks', 'graveyard', 'audit.dlq', 'dev.orders.dlq', 'prod.orders.dlq']) {
    const topic = await store.topic(name);
    ids.set(name, topic.incarnationId);
    await store.ingest.storeBatch(batchOf(topic, [eventOf(topic, 0n, { ...sent, correlation: name })]));
  }
  await store.settleAll();
  const ends = { graveyard: [3, 10], 'dev.orders.dlq': [0, 4], 'prod.orders.dlq': [1, 3], 'audit.dlq': [0, 9] };
  for (const [name, [low, high]] of Object.entries(ends)) {
    await store.pool.query(
      `insert into watermark (incarnation_id, partition, low, high, moved_at) values ($1, 0, $2, $3, now())`,
      [ids.get(name), low, high],
    );
  }
  await store.pool.query(
    `insert into hole (incarnation_id, partition, from_offset, to_offset, reason, from_time, to_time)
     values ($1, 0, 10, 40, 'expired', $2::timestamptz, $2::timestamptz),
       ($1, 0, 50, 58, 'expired', $2::timestamptz, $2::timestamptz)`,
    [ids.get('asks'), new Date(NOON / 1000 + 60_000)],
  );
  await store.pool.query(`update ingest_count set schema_status = 2 where incarnation_id = $1`, [ids.get('asks')]);
  const reads = store.freshReads(undefined, undefined, {
    ...NO_DEAD_LETTER_RULES,
    ...{ queues: ['^graveyard$'], ignore: ['^audit.dlq$'] },
  });
  nodes = async (range) => new Map((await reads.flow(range)).nodes.map((node) => [node.id, { ...node }]));
});
afterAll(() => store.close());

test('a topic is a queue on the map by all that says so, and its depth is that of all topics of its family', async () => {
  const found = await nodes(HOUR);
  expect(found.get('topic:graveyard')).toMatchObject({ dead_letters: true, dead_letter_depth: 7, state: 'dead' });
  expect(found.get('topic:orders.dlq')).toMatchObject({ dead_letters: true, dead_letter_depth: 6, state: 'dead' });
  expect(found.get('topic:audit.dlq')).toMatchObject({ dead_letters: false, dead_letter_depth: null });
  expect(found.get('topic:asks')).toMatchObject({ dead_letters: false, dead_letter_depth: null });
});

test('holes and violations are on the map of the range they lie in', async () => {
  const found = await nodes(HOUR);
  expect(found.get('topic:asks')).toMatchObject({ holes: 2, missing: '38', violation_count: 1, state: 'violating' });
  expect(found.get('service:asker')).toMatchObject({ holes: 0, missing: '0', violation_count: 1, state: 'violating' });
  expect(found.get('topic:graveyard')).toMatchObject({ holes: 0, violation_count: 0 });
  expect([...(await nodes(LATER)).values()].filter((node) => node.violation_count !== 0 || node.holes !== 0)).toEqual(
    [],
  );
});

test('a rate is over the time that has been: the part of the last hour that is to come holds no events yet', async () => {
  const topic = await store.topic('ticks');
  const ticks = Array.from({ length: 60 }, (_, minute) =>
    eventOf(topic, BigInt(minute), {
      type: 'tick',
      service: 'clock',
      correlation: `tick-${minute}`,
      at: NOON - minute * MINUTE_US,
    }),
  );
  await store.ingest.storeBatch(batchOf(topic, ticks));
  await store.settleAll();
  const since = (minutes: number) => nodes({ from: micros(NOON - minutes * MINUTE_US), to: micros(NOON + MINUTE_US) });
  // It is 12:01: the hours from 8 to 13 answer for the last four.
  expect((await since(240)).get('topic:ticks')?.rate_per_s).toBeCloseTo(60 / (241 * 60), 6);
  expect((await since(30)).get('topic:ticks')?.rate_per_s).toBeCloseTo(31 / (31 * 60), 6);
  expect([...(await nodes(LATER)).values()].filter((node) => node.rate_per_s !== 0)).toEqual([]);
});
