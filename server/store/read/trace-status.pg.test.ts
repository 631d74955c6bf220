import { afterAll, beforeAll, expect, test } from 'vitest';
import { EPISODE_GAP_MS, type TraceStatus } from '../../model/trace.ts';
import type { TraceFilter } from '../../ports/reads.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { readTraceList } from './trace-list.ts';

const STATUSES: readonly TraceStatus[] = ['running', 'done', 'stalled', 'failed', 'unknown'];
const HOUR_US = 3_600_000_000;
/** Well within the pause that ends an episode, well past it, and from a clock that is wrong. */
const BEGINNINGS = [NOON, NOON - HOUR_US, NOON + HOUR_US];
const KINDS = ['order.placed', 'order.shipped', 'order.collected', 'order.failed', 'cart.filled'];

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const place = await store.topic('orders');
  // Every begin with every second type, and below each of these with all that else may be known of a trace.
  const events = Array.from({ length: 384 }, (_, number) => {
    const at = (BEGINNINGS[number % 3] ?? NOON) + number * 3_000;
    const sketch = { correlation: `trace-${number}` };
    return [
      { ...sketch, type: 'order.placed', at },
      { ...sketch, type: KINDS[Math.floor(number / 3) % 5] ?? 'order.placed', at: at + 1_000 },
    ];
  }).flat();
  await store.ingest.storeBatch(
    batchOf(
      place,
      events.map((sketch, index) => eventOf(place, BigInt(index), sketch)),
    ),
  );
  await store.settleAll();
  const some = (of: number) => `(select trace_key from trace where split_part(id_text, '-', 2)::int / 15 & ${of} > 0)`;
  await store.pool.query(`update trace set episode_dead_letter = true where trace_key in ${some(1)}`);
  await store.pool.query(
    `insert into stall (trace_key, workspace_id, found_at, since, due_at, type_id, incarnation_id, missing_type, declared)
     select trace_key, 1, now(), now(), now(), root_type_id, incarnation_ids[1], 'never', false from trace
     where trace_key in ${some(2)}`,
  );
  await store.pool.query('delete from episode_check');
  await store.pool.query(
    `insert into episode_check (trace_key, workspace_id, check_at, tap_behind)
     select trace_key, 1, now(), true from trace where trace_key in ${some(4)}`,
  );
});
afterAll(() => store.close());

async function list(filter: Partial<TraceFilter>) {
  const { traces, next_cursor } = await store.reads.traces({
    singles: 'all',
    includeLine: false,
    limit: 500,
    ...filter,
  });
  return { ids: traces.map((trace) => trace.correlation_id), traces, next_cursor };
}

test.each(STATUSES)('the list of %s has the traces that show it, in the order of the whole list', async (status) => {
  const shown = (await list({})).traces.filter((trace) => trace.status === status);
  expect(shown.length).toBeGreaterThan(5);
  expect((await list({ status })).ids).toEqual(shown.map((trace) => trace.correlation_id));
});

test.each(STATUSES)('pages of %s hold each of them once', async (status) => {
  const whole = (await list({ status })).ids;
  const paged: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({
      status,
      limit: 3,
      ...(cursor !== null && { cursor }),
    });
    paged.push(...page.ids);
    cursor = page.next_cursor;
  } while (cursor !== null);
  expect(paged).toEqual(whole);
});

test.each(STATUSES)('what is folded of %s is what the list of singles has', async (status) => {
  await store.pool.query(`delete from accompanied_type`);
  const { singles_folded: folded } = await store.reads.traces({
    singles: 'fold',
    includeLine: false,
    limit: 50,
    status,
  });
  expect(folded).toBe((await list({ status, singles: 'only' })).ids.length);
});

test('a stalled trace is read while all other connections are in use', async () => {
  const [id = ''] = (await list({ status: 'stalled', limit: 1 })).ids;
  const others = await Promise.all(Array.from({ length: store.pool.options.max - 1 }, () => store.pool.connect()));
  try {
    const waited = new Promise((resolve) => setTimeout(resolve, 3000, 'waits for a second connection'));
    const read = store.reads.trace({ id }, { includePayload: false, limit: 10 });
    expect(await Promise.race([read, waited])).toMatchObject({ status: 'stalled', stall: { groups: [] } });
  } finally {
    for (const other of others) other.release();
  }
});

test('of flows that begin alike any says what ends a trace, in the filter as in an answer', async () => {
  const flows = ['order.shipped', 'cart.filled'].map((end) => ({
    ...{ name: `Until ${end}`, startsWith: 'order.placed', endsWith: [end] },
  }));
  const context = { flows, fieldNames: [], nowMs: store.now.value, episodeGapMs: EPISODE_GAP_MS };
  const listed = async (filter: Partial<TraceFilter>) =>
    (await readTraceList(store.pool, 1, { singles: 'all', includeLine: false, limit: 500, ...filter }, context)).traces;
  const shown = (await listed({})).filter(({ status }) => status === 'done');
  expect(shown.length).toBeGreaterThan(5);
  expect(await listed({ status: 'done' })).toEqual(shown);
});
