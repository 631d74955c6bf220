import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros, millisToMicros } from '../../model/time.ts';
import type { TopicPartition } from '../../ports/source.ts';
import type { StateChange, ViolationFilter } from '../../ports/violations.ts';
import { batchOf, eventOf, NOON, openStore } from '../store.test-support.ts';
import { createViolationStates } from '../violation-states.ts';
import { breaks, errorAt, FITS, PAID } from '../violations.test-support.ts';

let store: Awaited<ReturnType<typeof openStore>>;
let place: TopicPartition;

const MINUTE = 60_000_000;
const UNKNOWN = { path: '', rule: 'unknown_reference', sentence: 'who', was: '"x"', nearMiss: null, schema: null };
const { contentHash: _, ...NAME } = PAID;

beforeAll(async () => {
  store = await openStore();
  place = await store.topic('orders');
  const at = (minutes: number) => NOON + minutes * MINUTE;
  const events = [
    eventOf(place, 0n, { check: FITS, at: at(0) }),
    eventOf(place, 1n, { check: breaks(errorAt('/a'), errorAt('/b', 'type')), at: at(1) }),
    eventOf(place, 2n, { check: breaks(errorAt('/a')), at: at(1) }),
    eventOf(place, 3n, { check: breaks(errorAt('/a')), at: at(9), id: 'e-3' }),
    eventOf(place, 4n, { type: 'order.paid', service: null, check: breaks(errorAt('/b', 'type')), at: at(9) }),
    eventOf(place, 5n, { at: at(9), check: { ...FITS, status: 'unknown_reference', schema: null, errors: [UNKNOWN] } }),
    eventOf(place, 6n, { at: at(9) }),
    eventOf(place, 7n, { check: breaks(errorAt('/a')), at: at(500) }),
  ];
  await store.ingest.storeBatch(batchOf(place, events));
}, 60_000);

afterAll(() => store.close());

const read = (filter: Partial<ViolationFilter> = {}) =>
  store.reads.violations({ from: NOON, to: micros(NOON + 10 * MINUTE), limit: 50, ...filter });

async function groupAt(path: string) {
  const { groups } = await read();
  const found = groups.find((group) => group.path === path && group.event_type === 'order.placed');
  if (found === undefined) throw new Error(`no group at ${path}`);
  return found;
}

const uuidOf = (key: string) => key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

test('groups tell how often, since when, of how many, and what the newest says', async () => {
  const { groups, counts, step_s, more_groups } = await read();
  expect(groups.map(({ path, rule, count }) => `${path} ${rule} ${count}`).sort()).toEqual([
    ' unknown_reference 1',
    '/a required 3',
    '/b type 1',
    '/b type 1',
  ]);
  expect(groups[0]).toMatchObject({
    ...{ event_type: 'order.placed', topic: 'orders', service: 'shop', schema: NAME, path: '/a', rule: 'required' },
    ...{ sentence: '/a is wrong by required', count: 3, share: 0.5, first_seen: '2026-03-01T12:01:00.000000Z' },
    ...{ trend: [0, 2, 0, 0, 0, 0, 0, 0, 0, 1], state: 'new', state_since: null, muted_until: null, note: null },
  });
  expect([step_s, more_groups]).toEqual([60, false]);
  expect(counts).toEqual({ ok: '1', violation: '4', unknown_reference: '1', unchecked: '1' });
});

test('filters let through what they name', async () => {
  const paths = async (filter: Partial<ViolationFilter>) => {
    const { groups, violations } = await read(filter);
    return [groups.length, violations.map(({ offset }) => offset).join()];
  };
  expect(await paths({ eventType: 'order.paid' })).toEqual([1, '4']);
  expect(await paths({ service: 'shop' })).toEqual([3, '5,3,2,1']);
  expect(await paths({ path: '/b' })).toEqual([2, '4,1']);
  expect(await paths({ rule: 'required' })).toEqual([1, '3,2,1']);
  expect(await paths({ rule: 'nothing' })).toEqual([0, '']);
  expect(await paths({ group: uuidOf((await groupAt('/b')).key) })).toEqual([1, '1']);
});

test('events are read page by page, each once, with all they break', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit: 2, ...(cursor !== undefined && { cursor }) });
    seen.push(...page.violations.map(({ offset, errors }) => `${offset}:${errors.length}`));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(['5:1', '4:1', '3:1', '2:1', '1:2']);
  const [unknown] = (await read()).violations;
  expect(unknown?.errors).toEqual([
    { path: '', rule: 'unknown_reference', sentence: 'who', was: '"x"', near_miss: null, schema: null },
  ]);
});

test('an event and its trace say what its schema says', async () => {
  const event = await store.reads.event('test/orders~1/0/1');
  expect(event?.schema).toMatchObject({ status: 'violation', schema: NAME, complete: true });
  expect(event?.schema.errors.map(({ path, rule, schema }) => [path, rule, schema])).toEqual([
    ['/a', 'required', NAME],
    ['/b', 'type', NAME],
  ]);
  const trace = await store.reads.trace({ id: 'c-1' }, { includePayload: false, limit: 100 });
  expect(trace?.events.map(({ schema }) => schema.status)).toEqual([
    ...['ok', 'violation', 'violation', 'violation', 'violation', 'unknown_reference', 'unchecked', 'violation'],
  ]);
  expect(trace?.violation_count).toBe(6);
});

test('traces and events are found by what breaks a schema', async () => {
  await store.settleAll();
  const traces = await store.reads.traces({ has: 'violation', singles: 'all', includeLine: false, limit: 10 });
  expect(traces.traces.map(({ violation_count }) => violation_count)).toEqual([6]);
  const { events } = await store.reads.events({ has: 'violation', clock: 'occurred', limit: 10 });
  expect(events.map(({ offset }) => offset)).toEqual(['7', '3', '4', '5', '1', '2']);
});

test('types are counted by what became of their events', async () => {
  const types = await store.reads.checkedTypes({ from: NOON, to: micros(NOON + 10 * MINUTE) });
  expect(types).toEqual([
    { eventType: 'order.placed', topic: 'orders', seen: 6, ok: 1, violating: 4, unchecked: 1 },
    { eventType: 'order.paid', topic: 'orders', seen: 1, ok: 0, violating: 1, unchecked: 0 },
  ]);
});

test('what is said of a group holds: muted until it passes, and resolved until it comes back', async () => {
  const states = createViolationStates({ pool: store.pool, workspaceId: 1 });
  const { key } = await groupAt('/b');
  const say = (change: Omit<StateChange, 'group'>) => states.set({ group: uuidOf(key), ...change });
  const state = async () => (await groupAt('/b')).state;
  expect(await states.set({ group: uuidOf('f'.repeat(32)), state: 'resolved' })).toBe(false);
  expect(await say({ state: 'acknowledged', note: 'ours\0' })).toBe(true);
  expect(await groupAt('/b')).toMatchObject({ state: 'acknowledged', note: 'ours␀' });
  await say({ state: 'muted', until: micros(millisToMicros(store.now.value) + MINUTE) });
  expect(await groupAt('/b')).toMatchObject({ state: 'muted', note: 'ours␀' });
  expect((await read()).groups.at(-1)?.key).toBe(key);
  expect((await read({ state: 'muted' })).groups.map((group) => group.key)).toEqual([key]);
  const before = store.now.value;
  store.now.value = (before + 120_000) as typeof before;
  expect(await state()).toBe('acknowledged');
  store.now.value = before;
  await say({ state: 'muted' });
  expect(await groupAt('/b')).toMatchObject({ state: 'muted', muted_until: null });
  await say({ state: 'resolved' });
  // Its newest event was stored at noon, and says of itself that it is of a minute later.
  await store.pool.query('update violation_state set since = $1', ['2026-03-01T12:00:30Z']);
  expect(await state()).toBe('resolved');
  const late = eventOf(place, 8n, { check: breaks(errorAt('/b', 'type')), at: NOON - 600 * MINUTE });
  await store.ingest.storeBatch(batchOf(place, [late], micros(NOON + MINUTE)));
  expect(await state()).toBe('back');
  await say({ state: 'new' });
  expect(await state()).toBe('new');
});

test('a group that began with a version of its schema tells since when that is used, where another came before', async () => {
  const topic = await store.topic('stamps');
  const v2 = { ...PAID, name: 'stamp.json', contentHash: 'cd'.repeat(32) };
  const v3 = { ...v2, version: '2.0.0', contentHash: 'ef'.repeat(32) };
  const event = (offset: bigint, schema: typeof PAID, ...paths: readonly string[]) =>
    eventOf(topic, offset, {
      ...{ at: NOON, type: 'stamp.made' },
      check: { ...breaks(...paths.map((path) => errorAt(path, 'type', schema))), schema },
    });
  const groups = async () => {
    const found = (await read({ eventType: 'stamp.made' })).groups;
    return new Map(found.map(({ path, schema_since }) => [path, schema_since]));
  };
  await store.ingest.storeBatch(batchOf(topic, [event(0n, v2, '/old')]));
  expect(await groups()).toEqual(new Map([['/old', null]]));
  await store.ingest.storeBatch(batchOf(topic, [event(1n, v3, '/old', '/new')]));
  const after = await groups();
  expect([after.get('/old'), after.get('/new')]).toEqual([null, expect.stringMatching(/^20.*Z$/)]);
});
