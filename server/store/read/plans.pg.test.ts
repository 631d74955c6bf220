import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import type { Term } from '../../model/event.ts';
import { micros } from '../../model/time.ts';
import { compareLetter } from '../../pipeline/compare-letter.ts';
import type { TraceFilter } from '../../ports/reads.ts';
import { createDeadLetters } from '../dead-letters/dead-letters.ts';
import { findOriginals } from '../dead-letters/find-originals.ts';
import { notePlans, type Plans } from '../plans.test-support.ts';
import { createRetentionStore } from '../retention/retention-store.ts';
import { batchOf, eventOf, NOON, openStore, stitchAll, type TestStore, UNREADABLE } from '../store.test-support.ts';

/**
 * Tables that grow with what is stored; no answer may read one of them from end to end. Marks are not among them: settle
 * takes them away, and they are counted up to a limit.
 */
const GROWING =
  /^(event|hop|segment|segment_bytes|term|trace|duplicate|stall|episode_check|dead_letter|dead_letter_count|dead_letter_group|foreign_letter|violation|violation_count|violation_group)(_\d+)?$/;
const GROWING_AND_SUMS = new RegExp(`${GROWING.source}|^hop_by_`);
const HOUR_US = 3_600_000_000;

let store: TestStore;
let plans: Plans;
beforeAll(async () => {
  store = await openStore();
  const place = await store.topic('orders');
  const terms: Term[] = [{ kind: 'field', value: 'order_id=A-17' }];
  const events = Array.from({ length: 20 }, (_, offset) => ({
    ...eventOf(place, BigInt(offset), { correlation: `c-${offset % 5}`, id: `e-${offset}` }),
    terms,
  }));
  await store.ingest.storeBatch(batchOf(place, events));
  const dlq = await store.topic('orders.dlq');
  const original = { topic: 'orders', partition: 0, offset: 3n, timestamp: null };
  const letters = [0n, 1n].map((offset) => eventOf(dlq, offset, { correlation: 'x', deadLetter: { original } }));
  await store.ingest.storeBatch(batchOf(dlq, letters));
  await findOriginals(store.pool, 1);
  await store.settleAll();
  await store.pool.query('analyze');
  plans = notePlans(store.pool);
});
afterAll(() => store.close());

const range = { from: micros(NOON - HOUR_US), to: micros(NOON + HOUR_US) };
const lists: readonly Partial<TraceFilter>[] = [
  {},
  { q: 'c-' },
  { correlationId: 'c-1' },
  { eventId: 'e-7' },
  { key: 'key' },
  { traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
  { field: { name: 'order_id', value: 'A-17' } },
  { eventType: 'order.placed' },
  { service: 'shop' },
  { topic: 'orders' },
  { status: 'running' },
  { status: 'unknown' },
  { status: 'done' },
  { status: 'failed' },
  { status: 'stalled' },
  range,
  { minDurationMs: 2 },
  { has: 'dead_letter' },
];
const deadLetters = () =>
  createDeadLetters({
    ...{ pool: store.pool, workspaceId: 1, rules: NO_DEAD_LETTER_RULES, ownership: { owners: [], systems: [] } },
    clock: { now: () => store.now.value },
    openReader: () => ({ read: () => UNREADABLE, fetchMissing: async () => false }),
    compare: compareLetter,
    asOf: () => store.reads.asOf(),
  });
const letterFilter = { topic: 'orders.dlq', ...range, groupBy: 'reason', limit: 10 } as const;
const QUESTIONS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ...lists.map(
    (filter) =>
      [
        `traces by ${Object.keys(filter).join(' and ') || 'nothing'} ${filter.status ?? ''}`,
        () => store.reads.traces({ singles: 'fold', includeLine: true, limit: 3, ...filter }),
      ] as const,
  ),
  ['a trace', () => store.reads.trace({ id: 'c-1' }, { includePayload: true, limit: 2 })],
  ['an event', () => store.reads.event('test/orders~1/0/3')],
  ['ids near another', () => store.reads.nearestIds('c-11')],
  ...['c-1', 'c', 'e-7', 'order', 'A-17', '4bf92f3577b34da6a3ce929d0e0e4736', '%'].map(
    (q) => [`a search for ${q}`, () => store.reads.search({ q, limit: 8 })] as const,
  ),
  ['latency', () => store.reads.latency({ ...range, subject: 'hop', group: 'event_type', evidence: 'all' })],
  [
    'latency of one type',
    () =>
      store.reads.latency({
        ...{ ...range, subject: 'hop', group: 'event_type', evidence: 'all' },
        eventType: 'order.placed',
      }),
  ],
  ['the map', () => store.reads.flow(range)],
  ['dead-letter queues', () => deadLetters().queues()],
  ['a dead-letter queue', () => deadLetters().queue(letterFilter)],
  ['a group of dead letters', () => deadLetters().queue({ ...letterFilter, errorClass: 'E', limit: 1 })],
  ['a dead letter', () => deadLetters().record('test/orders.dlq~1/0/1')],
  ['dead letters whose originals are looked for', () => findOriginals(store.pool, 1)],
  ...[{}, { eventType: 'order.placed' }, { service: 'shop' }, { rule: 'required' }, { state: 'new' as const }].map(
    (filter) =>
      [
        `violations by ${Object.keys(filter)[0] ?? 'nothing'}`,
        () => store.reads.violations({ ...range, limit: 10, ...filter }),
      ] as const,
  ),
  ['events of violations', () => store.reads.violationEvents({ ...range, limit: 10 })],
  ['types by schema', () => store.reads.checkedTypes(range)],
  ['stalls', () => store.reads.stalls({ limit: 10 })],
  ['the pulse', () => store.freshReads().pulse()],
];

test.each(QUESTIONS)('%s: no table that grows is read from end to end', async (_name, ask) => {
  const planned = await plans.of(ask, GROWING);
  expect(planned.length).toBeGreaterThan(0);
  expect(planned.filter(({ whole }) => whole.length > 0)).toEqual([]);
});

test('settling, sealing and letting go of a day: no table that grows is read from end to end, nor are its sums', async () => {
  const place = await store.topic('kept');
  const DAY_MS = 86_400_000;
  const event = (n: number, day: number) =>
    eventOf(place, BigInt(n), { correlation: `k-${n % 4}`, id: `k-${n}`, at: NOON + day * DAY_MS * 1000 });
  // Traces that begin on the day that goes, and go on: one of them waits for settle.
  await store.ingest.storeBatch(
    batchOf(
      place,
      [0, 1, 2, 3].map((n) => event(n, 0)),
    ),
  );
  await store.settleAll();
  await store.ingest.storeBatch(
    batchOf(
      place,
      [4, 5, 6].map((n) => event(n, 1)),
      micros(NOON + DAY_MS * 1000),
    ),
  );
  await store.settleAll();
  await store.ingest.storeBatch(batchOf(place, [event(7, 1)], micros(NOON + DAY_MS * 1000)));
  await store.pool.query('analyze');
  const retention = createRetentionStore({
    ...{ pool: store.pool, settle: stitchAll },
    now: () => NOON / 1000 + 3 * DAY_MS,
  });
  const ageMs = { payload: 2 * DAY_MS, events: 2 * DAY_MS, aggregates: 2 * DAY_MS };
  const planned = await plans.of(
    async () =>
      expect(await retention.expire({ ageMs, payloadBytes: null, totalBytes: null })).toMatchObject({ held: [] }),
    GROWING_AND_SUMS,
  );
  const statements = planned.filter(({ text }) => /\b(event|hop|trace|duplicate|hop_by_\w+)\b/.test(text));
  expect(statements.some(({ text }) => text.includes('update hop h set sealed'))).toBe(true);
  expect(statements.filter(({ whole }) => whole.length > 0)).toEqual([]);
});

test('a table read from end to end would be found', async () => {
  const statement = { text: 'select count(*) from event where body_hash = 1', values: [] };
  expect((await plans.planOf(statement, GROWING)).whole).not.toEqual([]);
});
