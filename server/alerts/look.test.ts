import { expect, test } from 'vitest';
import type { AlertRule, WrittenRule } from '../model/alert-rule.ts';
import type { QueueMark } from '../model/alert-state.ts';
import type { QueueReading } from '../model/queue-reading.ts';
import type { AlertReadings, CountReading, TapReading } from '../ports/alert-readings.ts';
import { lookAt } from './look.ts';
import { newAlert } from './new-alert.ts';
import { observe } from './observe-rule.ts';
import { readRule } from './read-rule.ts';

const NOW = 1_000_000_000;
const CAUGHT_UP: TapReading = { connected: true, records: 0, behindMs: 0 };

function ruleOf(written: Omit<WrittenRule, 'name'>): AlertRule {
  const read = readRule({ name: 'R', ...written });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.rule;
}

function readingsOf(some: Partial<AlertReadings>): AlertReadings {
  const none = () => Promise.reject(new Error('not asked for'));
  return {
    ...{
      tap: async () => CAUGHT_UP,
      watch: none,
      counts: none,
      latency: none,
      stalls: none,
      groupLags: none,
      holes: none,
    },
    ...{ lastStored: none, oldestAfter: none, exemplars: none, eventTypes: async () => new Set(['a', 'b']) },
    ...some,
  };
}

const look = (
  written: Omit<WrittenRule, 'name'>,
  readings: Partial<AlertReadings>,
  queues: readonly QueueReading[] = [],
  mark: QueueMark | null = null,
) =>
  lookAt(ruleOf(written), {
    readings: readingsOf(readings),
    queues: { readQueues: async () => queues },
    markOf: () => mark,
    now: NOW,
  });

const counted = (topic: string, records: number, more: Partial<CountReading> = {}): CountReading => ({
  ...{ topic, cluster: 'c', kind: 'events', base: topic, eventType: 'a', service: 's', records, violating: 0 },
  ...more,
});
const dead = (topic: string, base: string, records: number) => counted(topic, records, { kind: 'dead letter', base });
const counts = (...all: CountReading[]) => ({ counts: async () => ({ counts: all, spanMs: 300_000 }) });
const itemsOf = (found: Awaited<ReturnType<typeof look>>) => (found.kind === 'read' ? found.items : []);

/** What an alert that does not fire yet makes of the first item. */
async function seen(written: Omit<WrittenRule, 'name'>, readings: Partial<AlertReadings>) {
  const rule = ruleOf(written);
  const [item] = itemsOf(await look(written, readings));
  return observe(rule, newAlert('R', item?.labels ?? {}, 0), item);
}

test('dead letters are counted per queue, and held against the events of the topic they are of', async () => {
  const all = counts(
    counted('orders', 900),
    dead('orders.dlq', 'orders', 60),
    dead('orders.dlq', 'orders', 30),
    counted('audit.dlq', 700),
    counted('copy-of-orders.dlq', 800, { kind: 'mirror' }),
    counted('pay', 5_000),
  );
  expect(itemsOf(await look({ watch: 'dead_letter_rate', threshold: 1 }, all))).toEqual([
    { labels: { queue: 'orders.dlq', cluster: 'c' }, value: 18 },
  ]);
  expect(itemsOf(await look({ watch: 'dead_letter_share', threshold: 1 }, all))).toMatchObject([
    { value: 0.1, said: { share_of: 'events of orders' } },
  ]);
  const alone = counts(counted('pay', 900), dead('graveyard', 'graveyard', 9));
  expect(itemsOf(await look({ watch: 'dead_letter_share', threshold: 1 }, alone))).toMatchObject([
    { value: 0.01, said: { share_of: 'all events' } },
  ]);
  expect(itemsOf(await look({ watch: 'dead_letter_rate', threshold: 1, queue: '^pay' }, all))).toEqual([]);
});

test('violations are counted by type and service', async () => {
  const all = counts(
    counted('x', 80, { violating: 8 }),
    counted('y', 20, { violating: 2 }),
    counted('x', 5, { service: null }),
  );
  expect(itemsOf(await look({ watch: 'violation_share', threshold: '5%' }, all))).toEqual([
    { labels: { event_type: 'a', service: 's' }, value: 0.1 },
    { labels: { event_type: 'a', service: '' }, value: 0 },
  ]);
  expect(itemsOf(await look({ watch: 'violation_rate', threshold: 1, service: 's' }, all))).toEqual([
    { labels: { event_type: 'a', service: 's' }, value: 2 },
  ]);
});

test('while the tap is behind, a count above fires and one below says nothing', async () => {
  const behind = { tap: async () => ({ connected: true, records: 5, behindMs: 600_000 }) };
  const rule = { watch: 'violation_rate', threshold: 3 } as const;
  expect(await seen(rule, { ...behind, ...counts(counted('x', 50, { violating: 20 })) })).toMatchObject({
    above: true,
  });
  expect(await seen(rule, { ...behind, ...counts(counted('x', 50, { violating: 5 })) })).toMatchObject({
    kind: 'no data',
  });
  expect(await seen(rule, counts(counted('x', 50, { violating: 5 })))).toMatchObject({ above: false });
});

test('silence counts only where somebody listened', async () => {
  const silent = { lastStored: async () => new Map([['a', NOW - 700_000]]) };
  const rule = { watch: 'no_events', threshold: '10m', event_type: 'a' } as const;
  expect(await seen(rule, silent)).toMatchObject({ above: true, value: 700_000 });
  const away = { tap: async () => ({ connected: false, records: 0, behindMs: null }) };
  expect(await seen(rule, { ...silent, ...away })).toMatchObject({ kind: 'no data' });
  expect(await seen(rule, { ...away, lastStored: async () => new Map([['a', NOW]]) })).toMatchObject({ above: false });
  expect(await seen(rule, { lastStored: async () => new Map([['a', null]]) })).toMatchObject({ above: true });
});

test('an event type that nobody ever saw is a warning, with the nearest', async () => {
  const found = await look(
    { watch: 'no_events', threshold: '10m', event_type: 'order.plcaed' },
    { lastStored: async () => new Map(), eventTypes: async () => new Set(['order.placed']) },
  );
  expect(found).toEqual({
    ...{ kind: 'read', items: [] },
    warnings: ['No event of a type like "order.plcaed" was ever stored; perhaps "order.placed" is meant.'],
  });
});

test('a p95 is above its objective only by more than it may be off, and too few hops say nothing', async () => {
  const rows = (p95Ms: number, verdict: 'met' | 'too few' = 'met') => ({
    latency: async () => [{ eventType: 'a', p95Ms, objectiveMs: 100, verdict, errorBound: 0.02 }] as const,
  });
  expect(await seen({ watch: 'latency' }, rows(101))).toMatchObject({ above: false });
  expect(await seen({ watch: 'latency' }, rows(103))).toMatchObject({ above: true });
  expect(await seen({ watch: 'latency', threshold: '50ms' }, rows(101))).toMatchObject({ above: true });
  expect(itemsOf(await look({ watch: 'latency' }, rows(500, 'too few')))).toEqual([]);
});

test('a cluster that does not answer is no data, for groups as for queues', async () => {
  const lags = { groupLags: async () => [{ group: 'g', topic: 't', records: 9, ms: 5_000 }] };
  const watch = (sampledAt: number | null) => ({ watch: async () => ({ sampledAt, failure: 'The broker is away.' }) });
  const rule = { watch: 'consumer_lag', threshold: '1s' } as const;
  expect(itemsOf(await look(rule, { ...lags, ...watch(NOW - 1000) }))).toMatchObject([{ value: 5_000 }]);
  expect(await look(rule, { ...lags, ...watch(NOW - 120_000) })).toMatchObject({ kind: 'no data' });
  const queue = {
    cluster: 'c',
    topic: 'x.dlq',
    lookedAt: NOW - 120_000,
    oldestAt: null,
    triageGroups: [],
    life: null,
    partitions: [],
  };
  expect(itemsOf(await look({ watch: 'dead_letter_depth' }, {}, [queue]))).toMatchObject([
    { trouble: { kind: 'no data' } },
  ]);
});

test('what lies below a mark is not old any more', async () => {
  const queue: QueueReading = {
    ...{ cluster: 'c', topic: 'x.dlq', lookedAt: NOW, oldestAt: NOW - 500_000, triageGroups: [], life: 7 },
    partitions: [{ partition: 0, low: 0, high: 10, triaged: null }],
  };
  let asked: unknown;
  const oldestAfter: AlertReadings['oldestAfter'] = async (places) => {
    asked = places;
    return NOW - 5_000;
  };
  const mark = { at: 1, life: 7, offsets: { 0: 8 } };
  expect(itemsOf(await look({ watch: 'dead_letter_age' }, {}, [queue]))[0]?.value).toBe(500_000);
  expect(itemsOf(await look({ watch: 'dead_letter_age' }, { oldestAfter }, [queue], mark))[0]?.value).toBe(5_000);
  expect(asked).toEqual({ life: 7, offsets: { 0: 8 } });
});
