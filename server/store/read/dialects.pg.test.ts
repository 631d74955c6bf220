import { afterAll, beforeAll, expect, test } from 'vitest';
import { micros } from '../../model/time.ts';
import { batchOf, eventOf, NOON, openStore } from '../store.test-support.ts';
import { registerRules } from '../write/register-rules.ts';

let store: Awaited<ReturnType<typeof openStore>>;
beforeAll(async () => {
  store = await openStore();
});
afterAll(() => store.close());

const byBody = { dialect: 'plain', origins: { correlationId: 'body /correlation_id' } };
const byHeader = { dialect: 'plain', origins: { correlationId: 'header x-correlation-id' } };
const other = { dialect: 'other', origins: {} };
const HOUR = { from: NOON, to: micros(NOON + 3_600_000_000) };

test('what each dialect read is counted by the minute, each event shows by which rule its fields were found', async () => {
  const version = await registerRules(store.pool, 1, { digest: 'mine', schemas: '', dialects: ['plain'] });
  const place = await store.topic('dialects');
  const event = (offset: bigint, resolution: typeof other | typeof byBody, resolverVersion: number) => ({
    ...eventOf(place, offset),
    resolution,
    resolverVersion,
  });
  const events = [
    event(0n, byBody, version),
    event(1n, byHeader, version),
    event(2n, other, 1),
    event(3n, byBody, version),
  ];
  await store.ingest.storeBatch(batchOf(place, events));
  await store.ingest.storeBatch({ ...batchOf(place, [event(4n, byBody, version)], micros(NOON + 90_000_000)) });

  const { counts, rules } = await store.reads.dialects(HOUR);
  expect(counts.get('plain')).toMatchObject({ in_range: '4', stored: '4', last_at: '2026-03-01T12:01:30.000000Z' });
  expect(counts.get('other')).toMatchObject({ in_range: '1', stored: '1' });
  expect(rules).toEqual({ version, older: '1', older_unreachable: '0' });
  expect(
    (await store.reads.dialects({ from: micros(NOON + 60_000_000), to: HOUR.to })).counts.get('plain')?.in_range,
  ).toBe('1');

  const { events: listed } = await store.reads.events({ clock: 'stored', limit: 10, dialect: 'plain' });
  expect(listed.map(({ offset }) => offset)).toEqual(['4', '0', '1', '3']);
  const narrow = await store.reads.events({ clock: 'stored', limit: 2, dialect: 'plain', topic: 'dialects' });
  expect(narrow.events.map(({ offset }) => offset)).toEqual(['4', '0']);
  expect((await store.reads.events({ clock: 'stored', limit: 10, dialect: 'none' })).events).toEqual([]);

  const shown = await store.reads.event(listed[2]?.id ?? '');
  expect(shown).toMatchObject({ dialect: 'plain', rules: { version, current: true } });
  expect(shown?.resolved.find(({ field }) => field === 'correlation_id')?.origin).toBe('header x-correlation-id');
});

test('rules have one number for ever, and those a tap began with last are in force', async () => {
  const first = await registerRules(store.pool, 1, { digest: 'a', schemas: '', dialects: [] });
  const second = await registerRules(store.pool, 1, { digest: 'b', schemas: '', dialects: [] });
  expect(second).not.toBe(first);
  expect(await registerRules(store.pool, 1, { digest: 'a', schemas: '', dialects: [] })).toBe(first);
  expect((await store.reads.dialects(HOUR)).rules.version).toBe(first);
  const many = await Promise.all(
    Array.from({ length: 6 }, () => registerRules(store.pool, 1, { digest: 'raced', schemas: '', dialects: [] })),
  );
  expect(new Set(many).size).toBe(1);
});

test('spans come back as they were, and terms are kept once for each trace', async () => {
  const place = await store.topic('terms');
  const terms = [
    { kind: 'trace' as const, value: '4bf92f3577b34da6a3ce929d0e0e4736' },
    { kind: 'key' as const, value: 'k'.repeat(1_000_000) },
    { kind: 'key' as const, value: 'nul\0 and \ud800' },
  ];
  const spans = { spanId: 'f0f067aa0ba902b7', parentSpanId: '0000000000000001' };
  const events = [0n, 1n].map((offset) => ({ ...eventOf(place, offset), ...spans, terms }));
  await store.ingest.storeBatch(batchOf(place, events));
  const { rows } = await store.pool.query<{ kind: number; value: string }>(
    'select kind, value from term order by value',
  );
  expect(rows.map(({ kind, value }) => `${kind} ${value.slice(0, 12)}`)).toEqual([
    '2 #7eab2f295cd',
    '1 4bf92f3577b3',
    '2 nul␀ and �',
  ]);
  const [event] = (await store.reads.events({ clock: 'stored', limit: 1, topic: 'terms' })).events;
  expect(await store.reads.event(event?.id ?? '')).toMatchObject({
    span_id: spans.spanId,
    parent_span_id: spans.parentSpanId,
  });
  const { rows: plan } = await store.pool.query<{ 'QUERY PLAN': string }>(
    `explain select trace_key from term where value = 'x' and kind = 2`,
  );
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('_value');
});
