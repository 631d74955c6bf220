import { afterAll, beforeAll, expect, test } from 'vitest';
import { RELATIVE_BOUND } from '../../model/histogram.ts';
import type { LatencyRow } from '../../model/latency-wire.ts';
import { micros, millis } from '../../model/time.ts';
import type { LatencyQuery } from '../../ports/reads.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { batchOf, type EventSketch, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

const HOUR_US = 3_600_000_000;
const DAY_US = 24 * HOUR_US;

let store: TestStore;
let place: TopicPartition;
let next = 0n;
beforeAll(async () => {
  store = await openStore();
  place = await store.topic('dev.shop.orders.v1');
});
afterAll(() => store.close());

async function storeEvents(sketches: readonly EventSketch[]): Promise<void> {
  const events = sketches.map((sketch, index) => eventOf(place, next + BigInt(index), sketch));
  next += BigInt(events.length);
  await store.ingest.storeBatch(batchOf(place, events));
  await store.settleAll();
}

/** A request and what it caused so many ms later, explicitly. */
const pair = (name: string, at: number, ms: number, types: readonly [string, string]): EventSketch[] => [
  { correlation: name, id: `${name}-a`, type: types[0], service: 'asker', at },
  { correlation: name, id: `${name}-b`, cause: `${name}-a`, type: types[1], service: 'answerer', at: at + ms * 1000 },
];

const QUERY: LatencyQuery = {
  from: micros(NOON - HOUR_US),
  to: micros(NOON + HOUR_US),
  subject: 'hop',
  group: 'event_type',
  evidence: 'all',
};

const rowOf = async (query: Partial<LatencyQuery>, type: string): Promise<LatencyRow | undefined> =>
  (await store.reads.latency({ ...QUERY, ...query })).event_types.find((row) => row.event_type === type);

function near(estimated: number | null | undefined, exact: number): void {
  expect(Math.abs((estimated ?? Number.NaN) - exact) / exact).toBeLessThanOrEqual(RELATIVE_BOUND * 1.001);
}

test('percentiles, counts and exemplars of a type are those of its hops, and the traces exist', async () => {
  const times = Array.from({ length: 120 }, (_, index) => 5 + index * 3);
  await storeEvents(
    times.flatMap((ms, index) => pair(`p-${index}`, NOON + index * 10_000_000, ms, ['p.ask', 'p.reply'])),
  );
  const row = await rowOf({}, 'p.reply');
  expect(row).toMatchObject({ count: 120, measured: 120, max_ms: 5 + 119 * 3, inferred_share: 0, objective: 'slow' });
  near(row?.p50_ms, times[59] ?? 0);
  near(row?.p95_ms, times[113] ?? 0);
  near(row?.p99_ms, times[118] ?? 0);
  expect(row?.series.reduce((sum, point) => sum + point.count, 0)).toBe(120);

  const one = await store.reads.latency({ ...QUERY, eventType: 'p.reply' });
  expect(one.distribution?.reduce((sum, { count }) => sum + count, 0)).toBe(120);
  const exemplars = one.event_types[0]?.exemplars ?? [];
  expect(exemplars.map(({ at }) => at)).toEqual(['p50', 'p95', 'max']);
  for (const { at, hop_ms, correlation_id } of exemplars) {
    const trace = await store.reads.trace({ id: correlation_id }, { includePayload: false, limit: 10 });
    expect(trace?.events[1]?.parent?.hop_ms).toBe(hop_ms);
    if (at === 'p95') near(hop_ms, row?.p95_ms ?? 0);
  }
});

test('roots are counted and named as left out; flows are measured from the first to the last event', async () => {
  expect(await rowOf({}, 'p.ask')).toMatchObject({ count: 120, measured: 0, p50_ms: null, left_out: { roots: 120 } });
  const flow = await rowOf({ subject: 'flow' }, 'p.ask');
  expect(flow).toMatchObject({ count: 120, measured: 120, max_ms: 5 + 119 * 3 });
});

test('an objective that is declared decides; without one hops have the default, flows and replies none', async () => {
  const declared = store.freshReads({
    hops: [{ eventType: '^p\\.', p95Ms: 500 }],
    flows: [{ eventType: 'p.ask', p95Ms: 200 }],
    replies: [],
  });
  const row = async (reads: typeof store.reads, query: Partial<LatencyQuery>, type: string) =>
    (await reads.latency({ ...QUERY, ...query })).event_types.find((each) => each.event_type === type);
  expect(await row(store.reads, {}, 'p.reply')).toMatchObject({ objective: 'slow', objective_ms: 100 });
  expect(await row(declared, {}, 'p.reply')).toMatchObject({ objective: 'met', objective_ms: 500 });
  expect(await row(declared, { group: 'edge' }, 'p.reply')).toMatchObject({ objective: 'met', objective_ms: 500 });
  const flows = { subject: 'flow' } as const;
  expect(await row(store.reads, flows, 'p.ask')).toMatchObject({
    objective: 'none',
    objective_ms: null,
    measured: 120,
  });
  expect(await row(declared, flows, 'p.ask')).toMatchObject({ objective: 'slow', objective_ms: 200 });
  const replies = await declared.latency({ ...QUERY, subject: 'reply' });
  expect(new Set(replies.event_types.map(({ objective }) => objective))).toEqual(new Set(['none']));
  const services = await declared.latency({ ...QUERY, group: 'service' });
  expect(new Set(services.event_types.map(({ objective_ms }) => objective_ms))).toEqual(new Set([100]));
});

test('a percentile of too few times is null, and its row says so', async () => {
  await storeEvents(pair('few', NOON, 7, ['few.ask', 'few.reply']));
  expect(await rowOf({}, 'few.reply')).toMatchObject({ measured: 1, p95_ms: null, p99_ms: null, objective: 'too few' });
});

test('explicit and inferred hops are told apart', async () => {
  const inferred = Array.from({ length: 30 }, (_, index) => [
    { correlation: `i-${index}`, type: 'i.ask', service: 'asker', at: NOON + index * 1_000_000 },
    { correlation: `i-${index}`, type: 'i.reply', service: 'answerer', at: NOON + index * 1_000_000 + 900_000 },
  ]).flat();
  const explicit = Array.from({ length: 30 }, (_, index) =>
    pair(`e-${index}`, NOON + index * 1_000_000, 10, ['i.ask', 'i.reply']),
  ).flat();
  await storeEvents([...inferred, ...explicit]);
  near((await rowOf({ evidence: 'explicit' }, 'i.reply'))?.p95_ms, 10);
  near((await rowOf({ evidence: 'inferred' }, 'i.reply'))?.p50_ms, 900);
  expect(await rowOf({}, 'i.reply')).toMatchObject({ measured: 60, inferred_share: 0.5 });
});

test('hours and days that were read before are read again when a late event changes them', async () => {
  store.now.value = millis(NOON / 1000 + 20 * 86_400_000);
  for (const query of [
    { from: micros(NOON - DAY_US), to: micros(NOON + DAY_US) },
    { from: micros(NOON - 30 * DAY_US), to: micros(NOON + DAY_US) },
  ]) {
    const before = await rowOf(query, 'late.reply');
    expect((await rowOf(query, 'p.reply'))?.measured).toBe(120);
    await storeEvents(pair(`late-${query.from}`, NOON + 60_000_000, 40, ['late.ask', 'late.reply']));
    expect((await rowOf(query, 'late.reply'))?.measured).toBe((before?.measured ?? 0) + 1);
    expect((await rowOf(query, 'p.reply'))?.measured).toBe(120);
  }
});

test('what is remembered of sums answers as what is read for the first time', async () => {
  const range = { from: micros(NOON - DAY_US), to: micros(NOON + DAY_US) };
  const answers = async (reads = store.reads) => {
    const { event_types: rows } = await reads.latency({ ...QUERY, ...range });
    const { edges } = await reads.flow(range);
    // Of several times near a percentile any is an exemplar.
    return { rows: rows.map(({ exemplars, ...row }) => ({ ...row, at: exemplars.map(({ at }) => at) })), edges };
  };
  for (let asked = 0; asked < 3; asked += 1) expect(await answers()).toEqual(await answers(store.freshReads()));
});

test('the map has an edge from a service onto its topic and from the cause to who acted, with their times', async () => {
  const flow = await store.reads.flow(QUERY);
  const edge = (from: string, to: string, type: string) =>
    flow.edges.find((each) => each.from === from && each.to === to && each.event_type === type);
  expect(edge('service:asker', 'topic:shop.orders', 'p.ask')).toMatchObject({
    kind: 'produces',
    count: 120,
    p95_ms: null,
  });
  expect(edge('topic:shop.orders', 'service:answerer', 'p.ask')).toMatchObject({
    kind: 'consumes',
    count: 120,
    state: 'slow',
  });
  const { edges } = await store
    .freshReads({ hops: [{ eventType: '^p\\.', p95Ms: 500 }], flows: [], replies: [] })
    .flow(QUERY);
  const held = (type: string) => edges.filter((each) => each.event_type === type).map(({ state }) => state);
  expect([held('p.ask'), held('p.reply')]).toEqual([['flowing', 'flowing'], ['flowing']]);
  near(edge('service:answerer', 'topic:shop.orders', 'p.reply')?.p50_ms, 5 + 59 * 3);
  expect(flow.nodes.find(({ id }) => id === 'service:answerer')).toMatchObject({ kind: 'service', name: 'answerer' });
});
