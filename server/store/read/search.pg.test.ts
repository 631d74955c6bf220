import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Term } from '../../model/event.ts';
import type { SearchKind } from '../../model/search-wire.ts';
import { traceKey, traceKeyToHex } from '../../model/trace-key.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { readSearch } from './search.ts';

const EVENT_ID = '0DDBA11E-0000-4000-8000-00000000CAFE';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const LONG = 'x'.repeat(300);
const MARKUP = '<img src=x onerror=alert(1)>';

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  const orders = await store.topic('dev.shop.orders.v1');
  const returns = await store.topic('dev.shop.order-returns.v1');
  const terms: Term[] = [
    { kind: 'key', value: 'customer-9' },
    { kind: 'trace', value: TRACE_ID },
    { kind: 'field', value: 'order_id=A-17' },
    { kind: 'field', value: `order_id=${LONG}` },
  ];
  await store.ingest.storeBatch(
    batchOf(orders, [
      { ...eventOf(orders, 0n, { correlation: 'Corr-1', id: EVENT_ID, type: 'OrderPlaced' }), terms },
      eventOf(orders, 1n, { correlation: 'Corr-10', type: 'order.placed', service: 'order-desk' }),
      { ...eventOf(orders, 2n, { correlation: 'Corr-11', type: MARKUP, service: 'shop_100%' }), terms },
    ]),
  );
  const alone = eventOf(returns, 0n, { correlation: null, id: 'alone', type: 'heartbeat', at: NOON + 1_000_000 });
  await store.ingest.storeBatch(batchOf(returns, [alone]));
  await store.settleAll();
});
afterAll(() => store.close());

const keyPath = (id: string) => `/traces/key:${traceKeyToHex(traceKey(1, 'correlation', id))}`;

/** What a text is found as: kind, text and note of each result. */
async function found(q: string, limit = 8): Promise<readonly string[]> {
  const { results } = await store.reads.search({ q, limit });
  return results.map(({ kind, text, note }) => [kind, text, note].join(' | '));
}

test('a correlation id is found whole before those that begin with it, in any case, with its page', async () => {
  expect(await found('Corr-1')).toEqual([
    'trace | Corr-1 | OrderPlaced',
    `trace | Corr-11 | ${MARKUP}`,
    'trace | Corr-10 | order.placed',
  ]);
  expect(await found('corr-10')).toEqual(['trace | Corr-10 | order.placed']);
  const { results } = await store.reads.search({ q: 'Corr-10', limit: 8 });
  expect(results[0]?.href).toBe(keyPath('Corr-10'));
});

test('an event id leads to its record on the page of its trace, or in the list of events where it is in none', async () => {
  const { results } = await store.reads.search({ q: EVENT_ID.toLowerCase(), limit: 8 });
  expect(results).toEqual([
    {
      ...{ kind: 'event', text: EVENT_ID.toLowerCase(), note: 'OrderPlaced' },
      href: `${keyPath('Corr-1')}?sel=test%2Fdev.shop.orders.v1%7E1%2F0%2F0`,
    },
  ]);
  const { results: alone } = await store.reads.search({ q: 'alone', limit: 8 });
  expect(alone).toEqual([
    {
      ...{ kind: 'event', text: 'alone', note: 'heartbeat' },
      href: '/topics?tab=events&sel=test%2Fdev.shop.order-returns.v1%7E1%2F0%2F0',
    },
  ]);
});

test('a trace id, a key and the value of a declared field lead to the traces that have them, the newest first', async () => {
  expect(await found(TRACE_ID.toUpperCase())).toEqual([
    `trace_id | Corr-11 | ${MARKUP}`,
    'trace_id | Corr-1 | OrderPlaced',
  ]);
  expect(await found('customer-9')).toEqual([`key | Corr-11 | ${MARKUP}`, 'key | Corr-1 | OrderPlaced']);
  expect(await found('A-17')).toEqual(['field | Corr-11 | order_id', 'field | Corr-1 | order_id']);
  expect(await found(LONG)).toEqual(['field | Corr-11 | order_id', 'field | Corr-1 | order_id']);
});

test('types, services and topics are found by any part: the whole, then what begins with it, then the shorter', async () => {
  expect(await found('ORDER')).toEqual([
    'event_type | OrderPlaced | ',
    'event_type | order.placed | ',
    'service | order-desk | ',
    'topic | dev.shop.orders.v1 | ',
    'topic | dev.shop.order-returns.v1 | ',
  ]);
  const { results } = await store.reads.search({ q: 'order', limit: 8 });
  expect(results.map(({ href }) => href)).toEqual([
    '/traces?event_type=OrderPlaced',
    '/traces?event_type=order.placed',
    '/traces?service=order-desk',
    '/topics?topic=dev.shop.orders.v1',
    '/topics?topic=dev.shop.order-returns.v1',
  ]);
});

test('patterns and markup are texts like any other', async () => {
  expect(await found('%')).toEqual(['service | shop_100% | ']);
  expect(await found('_')).toEqual(['service | shop_100% | ']);
  expect(await found("'; drop table trace; --")).toEqual([]);
  const { results } = await store.reads.search({ q: 'onerror', limit: 8 });
  expect(results).toMatchObject([{ text: MARKUP, href: `/traces?${new URLSearchParams({ event_type: MARKUP })}` }]);
});

test('of each kind no more is told than is asked for, and that there is more', async () => {
  const answer = await store.reads.search({ q: 'corr', limit: 2 });
  expect(answer).toMatchObject({ more: ['trace'], names_cut: false, fields: ['order_id'] });
  expect(answer.results).toHaveLength(2);
  expect(answer.searched).toBeUndefined();
});

test('owners are found by team and contact', async () => {
  const owners = ['Payments', 'Platform'].map((team) => ({
    ...{ team, contact: `#${team.toLowerCase()}-oncall`, runBook: null, services: [], topics: [] },
  }));
  const search = (q: string, limit: number) =>
    readSearch(store.pool, { q, limit }, { workspaceId: 1, fieldNames: [], owners });
  expect((await search('pay', 8)).results).toEqual([
    { kind: 'owner', text: 'Payments', note: '#payments-oncall', href: '/' },
  ]);
  const { results, more } = await search('ONCALL', 1);
  expect([results.length, more]).toEqual([1, ['owner' satisfies SearchKind]]);
});

test('an empty answer says what was searched', async () => {
  const { results, searched, fields } = await store.reads.search({ q: 'nothing-like-this', limit: 8 });
  expect([results, fields]).toEqual([[], ['order_id']]);
  expect(searched).toMatchObject({ records: '4', lag: '0', uncorrelated: '1', unreadable_topics: [] });
});

test('another workspace is not looked into', async () => {
  const other = await readSearch(
    store.pool,
    { q: 'customer-9', limit: 8 },
    { workspaceId: 2, fieldNames: ['order_id'], owners: [] },
  );
  expect(other.results).toEqual([]);
  for (const q of ['Corr', EVENT_ID, 'order', 'A-17']) {
    const { results } = await readSearch(
      store.pool,
      { q, limit: 8 },
      { workspaceId: 2, fieldNames: ['order_id'], owners: [] },
    );
    expect(results).toEqual([]);
  }
});
