import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { traceKey } from '../../model/trace-key.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

const MINUTE_US = 60_000_000;
let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const asks = await store.topic('dev.shop.asks.v1');
  const answers = await store.topic('dev.shop.answers.v1');
  const asked = [0, 1, 2].map((n) =>
    eventOf(asks, BigInt(n), { correlation: `c-${n}`, type: 'asked', service: 'asker', at: NOON + n * MINUTE_US }),
  );
  await store.ingest.storeBatch(batchOf(asks, asked));
  const answer = { correlation: 'c-0', type: 'answered', service: 'answerer', at: NOON + 1_000 };
  await store.ingest.storeBatch(batchOf(answers, [eventOf(answers, 0n, answer)]));
  await store.settleAll();
});
afterAll(() => store.close());

const hour = { from: NOON, to: micros(NOON + 60 * MINUTE_US) };

async function stop(correlation: string, minute: number): Promise<void> {
  await store.pool.query(
    `insert into stall (trace_key, workspace_id, found_at, since, due_at, type_id, incarnation_id, missing_type,
       missing_type_id, service, declared)
     select $1, 1, now(), to_timestamp($2::float8 / 1e6), now(), (select id from name where label = 'asked'),
       (select id from incarnation where topic = 'dev.shop.asks.v1'), 'answered',
       (select id from name where label = 'answered'), 'answerer', true`,
    [traceKey(1, 'correlation', correlation), NOON + minute * MINUTE_US],
  );
}

const edgeTo = async (range: typeof hour, reads = store.freshReads()) => {
  const { edges, nodes } = await reads.flow(range);
  const edge = edges.find(({ kind, to }) => kind === 'consumes' && to === 'service:answerer');
  return { edge, nodes: nodes.map(({ id }) => id) };
};

test('an edge on which traces stand still is stalled, and says since when and how many', async () => {
  const before = (await edgeTo(hour)).edge;
  expect(before).toMatchObject({ event_type: 'asked', count: 1, stopped: null });
  await stop('c-1', 1);
  await stop('c-2', 2);
  const { edge } = await edgeTo(hour);
  expect(edge).toEqual({
    ...before,
    ...{ state: 'stalled', stopped: { since: '2026-03-01T12:01:00.000000Z', traces: 2 } },
  });
});

test('a stop is on the map of a range without an event of it, and not on one that ended before', async () => {
  const later = { from: micros(NOON + 180 * MINUTE_US), to: micros(NOON + 240 * MINUTE_US) };
  const { edge, nodes } = await edgeTo(later);
  expect(edge).toMatchObject({ count: 0, state: 'stalled', stopped: { traces: 2 } });
  expect(nodes).toEqual(expect.arrayContaining([edge?.from, edge?.to]));
  const earlier = { from: micros(NOON - 60 * MINUTE_US), to: NOON };
  expect((await edgeTo(earlier)).edge).toBeUndefined();
});

test('a trace whose event has come stands still no more', async () => {
  await store.pool.query('delete from stall where trace_key <> $1', [traceKey(1, 'correlation', 'c-2')]);
  await store.pool.query(
    `update trace set type_ids = type_ids || (select id from name where label = 'answered'), episode_type_ids = null
     where trace_key = $1`,
    [traceKey(1, 'correlation', 'c-2')],
  );
  expect((await edgeTo(hour)).edge).toMatchObject({ stopped: null, count: 1 });
});
