import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Term } from '../../model/event.ts';
import type { TraceFilter } from '../../ports/reads.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';

const EVENT_ID = '0DDBA11E-0000-4000-8000-00000000CAFE';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const LONG = 'x'.repeat(300);

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const place = await store.topic('orders');
  const terms: Term[] = [
    { kind: 'key', value: 'customer-9' },
    { kind: 'trace', value: TRACE_ID },
    { kind: 'field', value: 'order_id=A-17' },
    { kind: 'field', value: `order_id=${LONG}` },
  ];
  await store.ingest.storeBatch(
    batchOf(place, [
      { ...eventOf(place, 0n, { correlation: 'Corr-Found', id: EVENT_ID }), terms },
      eventOf(place, 1n, { correlation: 'Corr-Other', id: 'other', at: NOON + 1_000_000 }),
    ]),
  );
  await store.settleAll();
});
afterAll(() => store.close());

const found = async (filter: Partial<TraceFilter>) =>
  (await store.reads.traces({ singles: 'all', includeLine: false, limit: 10, ...filter })).traces.map(
    (trace) => trace.correlation_id,
  );

const BY_NAME: readonly (readonly [string, Partial<TraceFilter>])[] = [
  ['an event id, in any case', { eventId: EVENT_ID.toLowerCase() }],
  ['a record key', { key: 'customer-9' }],
  ['a trace id of a tracing system', { traceId: TRACE_ID.toUpperCase() }],
  ['a declared field', { field: { name: 'order_id', value: 'A-17' } }],
  ['a declared field with a very long value', { field: { name: 'order_id', value: LONG } }],
];

test.each(BY_NAME)('a trace is found by %s', async (_what, filter) => {
  expect(await found(filter)).toEqual(['Corr-Found']);
});

test.each([EVENT_ID, 'customer-9', TRACE_ID, 'A-17', 'corr-f', 'CORR-FOUND'])(
  'a text of which nobody says what it is finds the trace: %s',
  async (q) => {
    expect(await found({ q })).toEqual(['Corr-Found']);
  },
);

test.each(['c', 'CO', 'cor', 'co%', 'c_', 'x', '\u{1f600}', '\u{1f600}o'])(
  '%s finds the ids that begin so, however short',
  async (q) => {
    const all = ['Corr-Other', 'Corr-Found'];
    expect(await found({ q })).toEqual(all.filter((id) => id.toLowerCase().startsWith(q.toLowerCase())));
  },
);

test('a begin finds all ids that have it, another value or another field nothing', async () => {
  expect(await found({ q: 'corr-' })).toEqual(['Corr-Other', 'Corr-Found']);
  expect(await found({ field: { name: 'order_id', value: 'A-1' } })).toEqual([]);
  expect(await found({ field: { name: 'customer', value: 'A-17' } })).toEqual([]);
  expect(await found({ key: 'A-17' })).toEqual([]);
  expect(await found({ eventId: EVENT_ID, eventType: 'no.such.type' })).toEqual([]);
});
