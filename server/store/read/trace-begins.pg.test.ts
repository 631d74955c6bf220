import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TraceFilter } from '../../ports/reads.ts';
import { notePlans, type Planned } from '../plans.test-support.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';

const TRACES = 10_000;
/** Begins with nothing that is looked for, and one of its events has the id "abc". */
const MEANT = 'other';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const place = await store.topic('orders');
  await store.ingest.storeBatch(
    batchOf(place, [
      eventOf(place, 0n, { correlation: MEANT, id: 'abc' }),
      eventOf(place, 1n, { correlation: MEANT, type: 'order.shipped' }),
      eventOf(place, 2n, { correlation: 'alone', type: 'ping' }),
      // Meant by its key, and begins so as well.
      { ...eventOf(place, 3n, { correlation: 'abc-9' }), terms: [{ kind: 'key', value: 'abc' }] },
    ]),
  );
  await store.settleAll();
  await addTraces(0, TRACES);
  await store.pool.query('vacuum (analyze) trace');
});
afterAll(() => store.close());

/**
 * Traces that begin with each three of the letters A to D, some 150 for each; one of five is a single. Four begin in the
 * same microsecond, before and behind the one that is meant. The later a trace is added, the later it began.
 */
function addTraces(from: number, to: number): Promise<unknown> {
  return store.pool.query(
    `insert into trace select (jsonb_populate_record(t, jsonb_build_object(
       'trace_key', md5(n::text)::uuid, 'id_text', id, 'id_prefix', lower(id),
       'started_at', t.started_at + (n / 256 - $3::int / 512) * interval '1 millisecond'))).*
     from generate_series($1::int, $2::int - 1) as n
     cross join lateral (select translate(concat(n % 4, n / 4 % 4, n / 16 % 4), '0123', 'ABCD') || '-' || n as id) as named
     join trace t on t.id_text = case when n / 64 % 5 = 0 then 'alone' else $4 end`,
    [from, to, TRACES, MEANT],
  );
}

/** The ids of a list as it should be: every trace looked at. */
async function expected(q: string, singles: TraceFilter['singles']): Promise<string[]> {
  const { rows } = await store.pool.query<{ id: string; alone: boolean }>(
    `select t.id_text as id, (select label = 'ping' from name where id = t.root_type_id) as alone
     from trace t order by t.started_at desc, t.trace_key`,
  );
  return rows
    .filter(({ alone }) => singles === 'all' || alone === (singles === 'only'))
    .filter(({ id }) => id.toLowerCase().startsWith(q.toLowerCase()) || (q.toLowerCase() === 'abc' && id === MEANT))
    .map(({ id }) => id);
}

const list = (filter: Partial<TraceFilter>) =>
  store.reads.traces({ singles: 'fold', includeLine: false, limit: 50, ...filter });

/** All pages of a list; before each but the first, `between` happens. */
async function pages(filter: Partial<TraceFilter>, between: () => Promise<unknown>) {
  const found = { ids: [] as string[], folded: 0 };
  let cursor: string | null = null;
  do {
    if (cursor !== null) await between();
    const page = await list({ ...filter, ...(cursor === null ? {} : { cursor }) });
    found.ids.push(...page.traces.map((trace) => trace.correlation_id));
    found.folded += page.singles_folded;
    cursor = page.next_cursor;
  } while (cursor !== null);
  return found;
}

test.each(['a', 'aB', 'abc', 'ABC', 'abc-', 'abc-1', 'ab%', 'ab_', 'a_c', 'ab\\', 'abx', 'xyz'])(
  'the newest that begin with %s are those found by looking at all, singles folded or alone',
  async (q) => {
    for (const singles of ['fold', 'only', 'all'] as const) {
      const { traces } = await list({ q, singles });
      expect(traces.map((trace) => trace.correlation_id)).toEqual((await expected(q, singles)).slice(0, 50));
    }
  },
);

test('pages of a begin have each trace once and count each single once, while others that begin so arrive', async () => {
  const shown = await expected('abc', 'fold');
  const singles = await expected('abc', 'only');
  expect([shown.length > 100, singles.length > 25]).toEqual([true, true]);
  let next = TRACES;
  const found = await pages({ q: 'abc', limit: 7 }, () => {
    next += 64;
    return addTraces(next - 64, next);
  });
  expect(found).toEqual({ ids: shown, folded: singles.length });
  expect((await expected('abc', 'fold')).length).toBeGreaterThan(shown.length);
});

test('a begin is joined with other filters by and', async () => {
  const all = await expected('abc', 'all');
  const { traces } = await list({ q: 'abc', singles: 'all', eventType: 'ping', limit: 500 });
  expect(traces.map((trace) => trace.correlation_id)).toEqual(await expected('abc', 'only'));
  expect(traces.length).toBeLessThan(all.length);
  expect((await list({ q: 'abc', eventType: 'never' })).traces).toEqual([]);
});

/** How the indexes of traces would be used, but for those rows that are read by their key: what is shown or meant. */
const lookedFor = ({ indexes }: Planned) =>
  indexes.filter((index) => / trace_/.test(index) && !index.endsWith(' trace_pkey'));

test('of those that begin with three characters or more only the rows that are shown are read', async () => {
  await store.pool.query('vacuum (analyze) trace');
  const plans = notePlans(store.pool);
  for (const q of ['abc', 'abc-1']) {
    const cursor = (await list({ q, limit: 2 })).next_cursor ?? '';
    const search = () => store.reads.search({ q, limit: 8 });
    const asked = await plans.of(
      () => Promise.all([list({ q }), list({ q, cursor }), list({ q, singles: 'all' }), search()]),
      /^trace$/,
    );
    const begins = asked.filter(({ text }) => text.includes('t.id_prefix like'));
    expect(begins.map(lookedFor)).toEqual(Array(6).fill(['Index Only Scan trace_prefix']));
    expect(begins.flatMap(({ whole }) => whole)).toEqual([]);
    // Of two million traces, unlike here, a filter would make some begins be looked for in another index.
    expect(begins.filter(({ text }) => text.includes('not (not exists'))).toEqual([]);
  }
});
