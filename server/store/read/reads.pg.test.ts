import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { traceKey } from '../../model/trace-key.ts';
import { BadCursorError, type TraceFilter } from '../../ports/reads.ts';
import { createProcessStore } from '../process-store.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const ALL: TraceFilter = { singles: 'all', includeLine: false, limit: 50 };

async function allPages<P extends { readonly next_cursor: string | null }>(
  read: (cursor: { cursor?: string }) => Promise<P>,
): Promise<readonly P[]> {
  const pages: P[] = [];
  for (let cursor: string | null | undefined; cursor !== null; cursor = pages.at(-1)?.next_cursor ?? null) {
    pages.push(await read(cursor === undefined ? {} : { cursor }));
  }
  return pages;
}

test('a trace shows its events with parents, stations and payloads', async () => {
  const orders = await store.topic('orders');
  const parcels = await store.topic('parcels');
  const placed = {
    id: 'order-1',
    correlation: 'Trip/../1',
    headers: [{ name: Buffer.from('constructor'), value: null }],
  };
  const shipped = {
    id: 'parcel-1',
    cause: 'order-1',
    correlation: 'Trip/../1',
    type: 'order.shipped',
    service: 'depot',
  };
  await store.ingest.storeBatch(batchOf(orders, [eventOf(orders, 0n, placed)]));
  await store.ingest.storeBatch(
    batchOf(parcels, [{ ...eventOf(parcels, 0n, { ...shipped, value: null }), occurredAt: micros(NOON + 1500) }]),
  );
  await store.settleAll();
  const trace = await store.reads.trace({ id: 'Trip/../1' }, { includePayload: true, limit: 10 });
  expect(trace).toMatchObject({
    correlation_id: 'Trip/../1',
    flow: 'Orders',
    status: 'done',
    duration_ms: 1.5,
    event_types: ['order.placed', 'order.shipped'],
    services: ['shop', 'depot'],
    topics: ['orders', 'parcels'],
    expired_events: 0,
  });
  expect(trace?.events.map((event) => event.parent)).toEqual([
    null,
    { id: 'test/orders~1/0/0', evidence: 'causation', hop_ms: 1.5, flags: [] },
  ]);
  expect(trace?.events[0]?.payload).toEqual({ encoding: 'json', text: '{"offset":0}', bytes: 12, truncated: false });
  expect(trace?.events[0]?.headers).toEqual([{ name: 'constructor', value: null }]);
  expect(trace?.events[1]?.payload).toBe(null);
  const list = await store.reads.traces({ ...ALL, q: 'TRIP', includeLine: true });
  expect(list.traces[0]?.line).toEqual([
    { event_type: 'order.placed', service: 'shop', at_ms: 0, evidence: null },
    { event_type: 'order.shipped', service: 'depot', at_ms: 1.5, evidence: 'causation' },
  ]);
});

test('filters are joined by and; status in a filter means what it means in an answer', async () => {
  const ids = async (filter: Partial<TraceFilter>) =>
    (await store.reads.traces({ ...ALL, ...filter })).traces.map((trace) => trace.correlation_id);
  const place = await store.topic('filtered');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation: '100%_sure', type: 'odd' })]));
  await store.settleAll();
  expect(await ids({ q: '100%' })).toEqual(['100%_sure']);
  expect(await ids({ q: '100_' })).toEqual([]);
  expect(await ids({ eventType: 'order.shipped', service: 'depot', topic: 'parcels' })).toEqual(['Trip/../1']);
  expect(await ids({ eventType: 'never' })).toEqual([]);
  expect(await ids({ status: 'done' })).toEqual(['Trip/../1']);
  expect(await ids({ status: 'running' })).toEqual(['100%_sure']);
  expect(await ids({ status: 'unknown' })).toEqual([]);
  expect(await ids({ singles: 'only' })).toEqual(['100%_sure']);
  expect(await ids({ singles: 'fold' })).toEqual(['Trip/../1']);
  expect((await store.reads.traces({ ...ALL, singles: 'fold' })).singles_folded).toBe(1);
  expect(await ids({ minDurationMs: 1.5 })).toEqual(['Trip/../1']);
  expect(await ids({ correlationId: '100%_sure' })).toEqual(['100%_sure']);
  expect(await store.reads.nearestIds('trip/../9')).toEqual(['Trip/../1']);
});

test('an event is shown before its trace is settled', async () => {
  const place = await store.topic('unsettled');
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n, { correlation: 'fresh' })]));
  const trace = await store.reads.trace({ id: 'fresh' }, { includePayload: false, limit: 10 });
  expect(trace).toMatchObject({ correlation_id: 'fresh', event_count: 1, events: [{ parent: null }] });
  await store.settleAll();
  await store.ingest.storeBatch(
    batchOf(place, [eventOf(place, 1n, { correlation: 'fresh' })], micros(NOON + 86_400_000_000)),
  );
  const grown = await store.reads.trace({ id: 'fresh' }, { includePayload: false, limit: 10 });
  expect(grown).toMatchObject({ event_count: 2, expired_events: 0 });
  await store.settleAll();
});

test('pages neither repeat nor skip a trace while others arrive', async () => {
  const place = await store.topic('paged');
  const events = (from: number, to: number, at: (index: number) => number) =>
    Array.from({ length: to - from }, (_, index) =>
      eventOf(place, BigInt(from + index), { correlation: `page-${from + index}`, at: at(from + index) }),
    );
  // Groups of four start in the same microsecond.
  await store.ingest.storeBatch(
    batchOf(
      place,
      events(0, 40, (index) => NOON + Math.floor(index / 4)),
    ),
  );
  await store.settleAll();
  const seen: string[] = [];
  let cursor: string | undefined;
  let next = 40;
  do {
    const page = await store.reads.traces({
      ...ALL,
      q: 'page-',
      limit: 7,
      ...(cursor === undefined ? {} : { cursor }),
    });
    seen.push(...page.traces.map((trace) => trace.correlation_id));
    cursor = page.next_cursor ?? undefined;
    await store.ingest.storeBatch(
      batchOf(
        place,
        events(next, next + 3, () => NOON + 1_000_000),
      ),
    );
    await store.settleAll();
    next += 3;
  } while (cursor !== undefined);
  expect(seen).toHaveLength(40);
  expect(new Set(seen)).toEqual(new Set(Array.from({ length: 40 }, (_, index) => `page-${index}`)));
});

test("a trace's events come in pages, each event once", async () => {
  const place = await store.topic('many');
  const events = Array.from({ length: 150 }, (_, index) =>
    eventOf(place, BigInt(index), { correlation: 'many', at: NOON }),
  );
  await store.ingest.storeBatch(batchOf(place, events));
  await store.settleAll();
  const offsets: string[] = [];
  let cursor: string | undefined;
  do {
    const options = { includePayload: true, limit: 64, ...(cursor === undefined ? {} : { cursor }) };
    const page = await store.reads.trace({ id: 'many' }, options);
    offsets.push(...(page?.events ?? []).map((event) => event.payload?.text ?? ''));
    cursor = page?.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(offsets).toEqual(events.map((event) => `{"offset":${event.offset}}`));
});

test('an event whose bytes say nothing has the id that its trace is stitched by, be it a correlation or a trace id', async () => {
  const place = await store.topic('stitched');
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const named = eventOf(place, 1n, { correlation: traceId });
  await store.ingest.storeBatch(
    batchOf(place, [
      eventOf(place, 0n, { correlation: 'told' }),
      { ...named, idKind: 'trace', traceKey: traceKey(1, 'trace', traceId) },
    ]),
  );
  await store.settleAll();
  const ids = await Promise.all(
    [0, 1].map(async (offset) => {
      const event = await store.reads.event(`test/stitched~1/0/${offset}`);
      return [event?.correlation_id, event?.trace_id];
    }),
  );
  expect(ids).toEqual([
    ['told', null],
    [null, traceId],
  ]);
});

test('pages go on past times that no clock will ever show', async () => {
  const place = await store.topic('far');
  const at = (index: number) => 8e18 + index * 1e12;
  const events = Array.from({ length: 6 }, (_, index) =>
    eventOf(place, BigInt(index), { correlation: index < 3 ? `far-${index}` : 'far-off', at: at(index) }),
  );
  await store.ingest.storeBatch(batchOf(place, events));
  await store.settleAll();
  const traces = await allPages((cursor) => store.reads.traces({ ...ALL, q: 'far-', limit: 1, ...cursor }));
  expect(traces.flatMap((page) => page.traces.map((trace) => trace.correlation_id))).toEqual([
    'far-off',
    'far-2',
    'far-1',
    'far-0',
  ]);
  const listed = await allPages((cursor) =>
    store.reads.events({ topic: 'far', clock: 'occurred', limit: 4, ...cursor }),
  );
  expect(listed.flatMap((page) => page.events.map((event) => event.offset))).toEqual(['5', '4', '3', '2', '1', '0']);
  const pages = await allPages(async (cursor) => {
    const page = await store.reads.trace({ id: 'far-off' }, { includePayload: false, limit: 2, ...cursor });
    return { events: page?.events ?? [], next_cursor: page?.next_cursor ?? null };
  });
  expect(pages.flatMap((page) => page.events.map((event) => event.offset))).toEqual(['3', '4', '5']);
});

test('a cursor of another list, or made up, is refused', async () => {
  const made = Buffer.from('["traces","1; drop table trace","x"]').toString('base64url');
  const longAgo = Buffer.from(
    JSON.stringify(['traces', '-999999999999999999', '6f2b6788-0c1d-4ab4-9e1f-2b7f1d0a43c9']),
  ).toString('base64url');
  for (const cursor of ['', 'x', made, longAgo, Buffer.from('["stored","1","1","1","1"]').toString('base64url')]) {
    await expect(store.reads.traces({ ...ALL, cursor })).rejects.toBeInstanceOf(BadCursorError);
  }
});

test('events are listed by either clock and by what is wrong with them', async () => {
  const place = await store.topic('listed');
  const events = Array.from({ length: 5 }, (_, index) => eventOf(place, BigInt(index), { correlation: null }));
  await store.ingest.storeBatch(batchOf(place, events));
  const offsets: string[] = [];
  let cursor: string | undefined;
  do {
    const filter = { has: 'uncorrelated', topic: 'listed', clock: 'occurred', limit: 2 } as const;
    const page = await store.reads.events({ ...filter, ...(cursor === undefined ? {} : { cursor }) });
    offsets.push(...page.events.map((event) => event.offset));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(offsets).toEqual(['4', '3', '2', '1', '0']);
  const stored = await store.reads.events({
    clock: 'stored',
    topic: 'listed',
    from: NOON,
    to: micros(NOON + 1),
    limit: 9,
  });
  expect(stored.events).toHaveLength(5);
  const undecodable = await store.reads.events({ clock: 'stored', topic: 'listed', has: 'undecodable', limit: 9 });
  expect(undecodable.events).toEqual([]);
});

test('the pulse says who is heard, and what waits', async () => {
  const processes = createProcessStore({ pool: store.pool });
  await processes.ensureStoredDays();
  const waiting = await store.topic('waiting');
  await store.ingest.storeBatch(batchOf(waiting, [eventOf(waiting, 0n, { correlation: 'waiting' })]));
  const id = randomUUID();
  const state = { connected: true, message: null, since: '2026-03-01T12:00:00Z', cluster: 'test', backfill: null };
  store.now.value = (store.now.value + 5000) as never;
  expect((await store.reads.pulse()).tap).toMatchObject({ connected: false, message: 'No tap is running.', up: 0 });
  await processes.heartbeat({ id, kind: 'tap', host: 'h', pid: 1, startedAt: new Date(), state });
  store.now.value = (store.now.value + 5000) as never;
  const pulse = await store.reads.pulse();
  expect(pulse).toMatchObject({
    cluster: { id: 'test', name: 'Test', source: 'kafka' },
    tap: { connected: true, up: 1, known: 1, lag: '0', behind_s: 0 },
    settled: { waiting: 1 },
    stored_share: 1,
  });
  const place = await store.topic('never-looked-at');
  store.now.value = (store.now.value + 5000) as never;
  expect((await store.reads.pulse()).tap).toMatchObject({ lag: '0', behind_s: null });
  await store.ingest.storeWatermarks([{ ...place, low: 0n, high: 0n }]);
  await processes.gone(id);
});

test('the pulse says what is left of the first backfill, summed over the taps that are heard, until none is', async () => {
  const place = { ...(await store.topic('backfilled')), partition: 1 };
  await store.ingest.begin([{ ...place, nextOffset: 0n, backfillEnd: 40n, leaderEpoch: null }]);
  const processes = createProcessStore({ pool: store.pool });
  const backfill = {
    records: '25',
    bytes: '1000',
    bytes_from: 'brokers',
    disk_bytes: '2000',
    started_at: '2026-03-01T12:00:00Z',
    bytes_per_s: 100,
  } as const;
  const state = { connected: true, message: null, since: '2026-03-01T12:00:00Z', cluster: 'test', backfill };
  const ids = [randomUUID(), randomUUID()];
  for (const id of ids) {
    await processes.heartbeat({ id, kind: 'tap', host: 'h', pid: 1, startedAt: new Date(), state });
  }
  const told = async () => {
    store.now.value = (store.now.value + 5000) as never;
    return (await store.reads.pulse()).tap.backfill;
  };
  expect(await told()).toEqual({
    records: '50',
    records_left: '40',
    bytes: '2000',
    disk_bytes: '4000',
    started_at: '2026-03-01T12:00:00Z',
    bytes_per_s: 200,
  });
  const batch = { ...batchOf(place, []), expectedOffset: 0n, nextOffset: 40n };
  await store.ingest.storeBatch(batch);
  await store.ingest.storeWatermarks([{ ...place, low: 0n, high: 40n }]);
  expect(await told()).toBeNull();
  for (const id of ids) await processes.gone(id);
});

test('activity counts what was stored and which traces started, by the minute', async () => {
  const activity = await store.reads.activity({ from: NOON, to: micros(NOON + 120e6) });
  const sum = activity.buckets.reduce((total, bucket) => total + bucket.stored, 0);
  const { rows } = await store.pool.query(
    `select count(*)::int as n from event where stored_at >= '2026-03-01T12:00:00Z' and stored_at < '2026-03-01T12:02:00Z'`,
  );
  expect(sum).toBe(rows[0].n);
  expect(activity.buckets[0]).toMatchObject({ at: '2026-03-01T12:00:00.000000Z', uncorrelated: 5 });
});

test('an empty answer says what was searched', async () => {
  const list = await store.reads.traces({ ...ALL, q: 'nothing-like-it' });
  expect(list.searched).toMatchObject({ lag: '0', uncorrelated: '5', unreadable_topics: [] });
});
