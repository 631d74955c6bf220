import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEvaluator } from '../../alerts/create-evaluator.ts';
import { DEFAULT_RULES } from '../../alerts/default-rules.ts';
import type { StoredRule } from '../../model/alert-rule.ts';
import type {
  AlertDetail,
  AlertList,
  AlertRuleList,
  RulePreview,
  SilenceList,
  SilenceWire,
} from '../../model/alert-wire.ts';
import { NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import type { DeadLetterQueueDetail } from '../../model/dead-letter-wire.ts';
import type { ReceiverWire } from '../../model/delivery-wire.ts';
import { createOwnership, type OwnershipRules } from '../../model/ownership.ts';
import { micros, millis } from '../../model/time.ts';
import type { Leading } from '../../ports/leading.ts';
import type { TopicPartition } from '../../ports/source.ts';
import { createAlertDesk } from '../../store/alerts/alert-desk.ts';
import { createAlertHistory } from '../../store/alerts/alert-history.ts';
import { createAlertReadings } from '../../store/alerts/alert-readings.ts';
import { createAlertStore } from '../../store/alerts/alert-store.ts';
import { createDeadLetters, type DeadLettersOptions } from '../../store/dead-letters/dead-letters.ts';
import { createQueueReadings } from '../../store/dead-letters/queue-readings.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../../store/store.test-support.ts';
import type { ApiDeps } from '../api-deps.ts';
import { createApi } from '../create-api.ts';
import { COMPONENTS } from '../openapi/components.ts';
import { NO_RECEIVERS } from '../receivers.test-support.ts';

let store: TestStore;
let api: ReturnType<typeof createApi>;
let evaluator: Leading;
let queue: TopicPartition;
const clock = { now: () => millis(Date.now()) };
const OWNERS: OwnershipRules = {
  owners: [{ team: 'orders', contact: '#orders', runBook: null, services: [], topics: ['^orders\\.'] }],
  systems: [],
};
const NO_OBJECTIVES = { hops: [], flows: [], replies: [] };
const RULES: readonly StoredRule[] = [
  {
    origin: 'throughline.yaml',
    written: { name: 'Of the file', watch: 'dead_letter_depth', queue: 'none', threshold: 5 },
  },
  ...DEFAULT_RULES.map((written): StoredRule => ({ origin: 'built in', written })),
];

beforeAll(async () => {
  store = await openStore();
  const { pool } = store;
  store.now.value = millis(Date.now());
  const reading = { pool, workspaceId: 1 };
  // Records are not opened here.
  const queues = { ...reading, clock, rules: NO_DEAD_LETTER_RULES, ownership: OWNERS, asOf: () => store.reads.asOf() };
  const deps: Partial<ApiDeps> = {
    reads: store.reads,
    deadLetters: createDeadLetters(queues as DeadLettersOptions),
    alerts: createAlertDesk(reading),
    receivers: { ...NO_RECEIVERS, list: async () => [{ name: 'ops' } as ReceiverWire] },
    alertHistory: createAlertHistory({
      ...reading,
      objectives: NO_OBJECTIVES,
      deadLetters: NO_DEAD_LETTER_RULES,
      clock,
    }),
    ownership: createOwnership(OWNERS),
    clock,
    databaseTrouble: async () => null,
    report: (error) => {
      throw error;
    },
  };
  // What alerts need; other resources are not asked for here.
  api = createApi(deps as ApiDeps);
  evaluator = createEvaluator({
    store: createAlertStore({ ...reading, schedule: async () => {} }),
    readings: createAlertReadings({ ...reading, objectives: NO_OBJECTIVES, deadLetters: NO_DEAD_LETTER_RULES, clock }),
    queues: createQueueReadings({ ...reading, rules: NO_DEAD_LETTER_RULES }),
    ownership: OWNERS,
    rules: RULES,
    clock,
    onFailure: (error) => {
      throw error;
    },
    onWorked: () => {},
  });
  queue = await store.topic('orders.dlq');
});
afterAll(async () => {
  await evaluator.release();
  await store.close();
});

const stopping = new AbortController().signal;
const round = () => evaluator.step(stopping);

async function call<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const answer = await api(
    new Request(`http://localhost/api/v1${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }),
  );
  return { status: answer.status, body: (await answer.json()) as T };
}
const get = async <T>(path: string) => (await call<T>('GET', path)).body;

let stored = 0;
async function arrive(count: number): Promise<void> {
  const now = Date.now() * 1000;
  const events = Array.from({ length: count }, (_, n) =>
    eventOf(queue, BigInt(stored + n), { correlation: `c-${stored + n}`, type: 'order.failed', at: now }),
  );
  await store.ingest.storeBatch(batchOf(queue, events, micros(now)));
  stored += count;
  await store.pool.query(
    'update partition_state set high = next_offset, low = 0, sampled_at = now() where incarnation_id = $1',
    [queue.incarnationId],
  );
}

test('rules of the file and built-in ones are listed with what a rule can watch', async () => {
  await round();
  const list = await get<AlertRuleList>('/alert-rules');
  expect(COMPONENTS.AlertRuleList.parse(list)).toBeTruthy();
  expect(list.rules.map(({ name, origin, state }) => [name, origin, state])).toEqual([
    ['Of the file', 'throughline.yaml', 'ok'],
    ['Dead letters pile up', 'built in', 'no data'],
    ['Dead letters are old', 'built in', 'no data'],
  ]);
  expect(list.kinds.map(({ kind }) => kind)).toContain('no_events');
});

test('a rule is made, changed and deleted on the page; what is wrong is named', async () => {
  const rule = { name: 'Mine / 1', watch: 'dead_letter_depth', threshold: 10, queue: 'orders.dlq' };
  expect(await call('POST', '/alert-rules', { ...rule, threshold: 'abc', sevrity: 'x' })).toMatchObject({
    ...{
      status: 400,
      body: { errors: [{ name: 'sevrity', reason: 'is no key of a rule; perhaps severity is meant.' }] },
    },
  });
  expect(await call('POST', '/alert-rules', { ...rule, threshold: 'abc' })).toMatchObject({
    status: 400,
    body: {
      errors: [
        {
          name: 'threshold',
          reason: '"abc" is no threshold for dead_letter_depth; write a number of records, e.g. 100.',
        },
      ],
    },
  });
  expect((await call('POST', '/alert-rules', rule)).status).toBe(201);
  expect((await call('POST', '/alert-rules', rule)).status).toBe(409);
  expect((await call('PUT', '/alert-rules/Mine%20%2F%201', { ...rule, threshold: 20 })).status).toBe(200);
  expect((await call('PUT', '/alert-rules/Other', rule)).status).toBe(400);
  expect((await call('PUT', '/alert-rules/Of%20the%20file', { ...rule, name: 'Of the file' })).status).toBe(409);
  expect((await call('DELETE', '/alert-rules/Of%20the%20file', {})).status).toBe(409);
  expect((await call('DELETE', '/alert-rules/none', {})).status).toBe(404);
  const of = async (name: string) =>
    (await get<AlertRuleList>('/alert-rules')).rules.filter((each) => each.name === name);
  expect(await of('Mine / 1')).toMatchObject([{ threshold: { value: 20 }, state: 'waiting' }]);
  expect((await call('DELETE', '/alert-rules/Mine%20%2F%201', {})).status).toBe(200);
  expect(await of('Mine / 1')).toEqual([]);

  // The path of a rule of this name is another resource.
  expect(await call('POST', '/alert-rules', { ...rule, name: 'preview' })).toMatchObject({
    status: 400,
    body: {
      errors: [{ name: 'name', reason: '"preview" stands for something else in the API; choose another name.' }],
    },
  });

  const builtIn = { name: 'Dead letters are old', watch: 'dead_letter_age', enabled: false };
  expect((await call('PUT', '/alert-rules/Dead%20letters%20are%20old', builtIn)).status).toBe(200);
  expect(await of('Dead letters are old')).toMatchObject([
    { origin: 'page', shadowed: false, state: 'off' },
    { origin: 'built in', shadowed: true },
  ]);
});

test('a rule that tells a receiver that nobody made says so', async () => {
  const rule = { name: 'Told', watch: 'tap_lag', threshold: '1m', receivers: ['ops', 'opps', 'x'] };
  const nobody = [
    'There is no receiver "opps", so nobody is told there; perhaps "ops" is meant.',
    'There is no receiver "x", so nobody is told there.',
  ];
  expect((await call('POST', '/alert-rules', rule)).status).toBe(201);
  await round();
  const { rules } = await get<AlertRuleList>('/alert-rules');
  expect(rules.find(({ name }) => name === 'Told')?.warnings).toEqual(nobody);
  expect((await call<RulePreview>('POST', '/alert-rules/preview', rule)).body.warnings).toEqual(nobody);
  expect((await call('DELETE', '/alert-rules/Told', {})).status).toBe(200);
});

test('an alert fires, is acknowledged and silenced, and is resolved by marking its queue', async () => {
  await arrive(101);
  await round();
  const list = await get<AlertList>('/alerts');
  expect(COMPONENTS.AlertList.parse(list)).toBeTruthy();
  expect(list.counts.firing).toBe(1);
  const [alert] = list.alerts;
  expect(alert).toMatchObject({
    ...{ rule: 'Dead letters pile up', state: 'firing', severity: 'critical', value: 101, firing: 1 },
    ...{ labels: { queue: 'orders.dlq', owner: 'orders' }, owner: { team: 'orders', contact: '#orders' } },
    ...{ expired_unhandled: 0, needs_resolving: true, threshold: { value: 100, unit: 'records' } },
  });
  const fingerprint = alert?.fingerprint ?? '';

  expect((await call('POST', `/alerts/${fingerprint}/acknowledge`, { author: ' ' })).status).toBe(400);
  expect(await call('POST', `/alerts/${fingerprint}/acknowledge`, { author: 'ann', note: 'looking' })).toMatchObject({
    ...{ status: 200, body: { author: 'ann', note: 'looking' } },
  });
  expect((await call('POST', '/alerts/0123456789abcdef/acknowledge', { author: 'ann' })).status).toBe(404);
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const silence = {
    matchers: [{ label: 'queue', operator: '=', value: 'orders.dlq' }],
    until,
    reason: 'known',
    author: 'ann',
  };
  expect(
    (await call('POST', '/silences', { ...silence, matchers: [{ label: 'queue', operator: '=~', value: '.*' }] }))
      .status,
  ).toBe(400);
  expect((await call('POST', '/silences', { ...silence, until: '2020-01-01T00:00:00Z' })).status).toBe(400);
  const made = await call<SilenceWire>('POST', '/silences', silence);
  expect(made).toMatchObject({ status: 201, body: { state: 'active', alerts: 1 } });
  const from = new Date(Date.now() + 1_800_000).toISOString();
  const later = await call<SilenceWire>('POST', '/silences', { ...silence, from });
  expect(later).toMatchObject({ status: 201, body: { state: 'to come', alerts: 0 } });
  expect((await call('DELETE', `/silences/${later.body.id}`, {})).status).toBe(200);
  await round();
  const silences = await get<SilenceList>('/silences');
  expect(COMPONENTS.SilenceList.parse(silences).silences).toMatchObject([
    { state: 'active', alerts: 1, reason: 'known' },
    { state: 'ended', alerts: 0 },
  ]);
  expect((await get<AlertList>('/alerts')).alerts[0]).toMatchObject({
    ...{ acknowledged: { author: 'ann' }, silenced_by: [made.body.id] },
  });
  expect((await call('DELETE', `/silences/${made.body.id}`, {})).status).toBe(200);
  expect((await call('DELETE', `/silences/${made.body.id}`, {})).status).toBe(404);
  expect((await call('DELETE', '/silences/x', {})).status).toBe(404);

  expect((await call('POST', '/alerts/queue-resolved', { topic: 'never', author: 'ann' })).status).toBe(404);
  expect(await call('POST', '/alerts/queue-resolved', { topic: 'orders.dlq', author: 'ann' })).toMatchObject({
    ...{ status: 200, body: { cluster: 'test', topic: 'orders.dlq', partitions: [{ partition: 0, offset: '101' }] } },
  });
  await round();
  const detail = await get<AlertDetail>(`/alerts/${fingerprint}`);
  expect(COMPONENTS.AlertDetail.parse(detail).alert).toMatchObject({ state: 'resolved', acknowledged: null });
  expect(detail.transitions.map(({ from, to }) => [from, to])).toEqual([
    ['firing', 'resolved'],
    ['inactive', 'firing'],
  ]);
  expect((await call('POST', `/alerts/${fingerprint}/acknowledge`, { author: 'ann' })).status).toBe(409);
  expect((await call('GET', '/alerts/0123456789abcdef')).status).toBe(404);
});

test('a rule is held against the last 24 hours, and says from what and how fine', async () => {
  await store.pool.query(`update ingest_count set stored_minute = date_trunc('minute', now()) - interval '2 hours'`);
  const of = async (rule: Record<string, unknown>) => {
    const { status, body } = await call<RulePreview>('POST', '/alert-rules/preview', { name: 'P', ...rule });
    expect(status).toBe(200);
    return COMPONENTS.RulePreview.parse(body);
  };
  const rate = await of({ watch: 'dead_letter_rate', threshold: 10 });
  expect(rate).toMatchObject({ has_history: true, step_s: 300, firing_count: 1 });
  expect(rate.firings[0]?.peak).toBeCloseTo(101 / 5, 5);
  expect(rate.series).toHaveLength(1);
  expect(rate.series[0]?.values).toHaveLength(289);
  expect(rate.basis).toContain('steps of 5 minutes');
  const silent = await of({ watch: 'no_events', threshold: '30m', event_type: 'order.faild' });
  expect(silent.warnings).toEqual([
    'No event of a type like "order.faild" was ever stored; perhaps "order.failed" is meant.',
  ]);
  const stopped = await of({ watch: 'no_events', threshold: '30m', event_type: 'order.failed' });
  expect(stopped.firings.at(-1)?.to).toBeNull();
  expect(await of({ watch: 'tap_lag', threshold: '1m' })).toMatchObject({ has_history: false, series: [] });
  for (const rule of [
    { watch: 'dead_letter_depth', threshold: 50 },
    { watch: 'latency', threshold: '1s' },
    { watch: 'coverage_hole' },
    { watch: 'violation_share', threshold: '1%' },
  ]) {
    expect((await of(rule)).has_history).toBe(true);
  }
  expect((await call('POST', '/alert-rules/preview', { name: 'P', watch: 'x' })).status).toBe(400);
});

test('every kind of rule can be evaluated against what is stored', async () => {
  const kinds = [
    { watch: 'dead_letter_rate', threshold: 1 },
    { watch: 'dead_letter_share', threshold: '1%' },
    { watch: 'latency' },
    { watch: 'violation_rate', threshold: 1 },
    { watch: 'violation_share', threshold: '1%' },
    { watch: 'stalls' },
    { watch: 'consumer_lag', threshold: '5m' },
    { watch: 'tap_lag', threshold: '5m' },
    { watch: 'coverage_hole' },
    { watch: 'no_events', threshold: '10m', event_type: 'order.failed' },
  ];
  for (const kind of kinds) {
    expect((await call('POST', '/alert-rules', { name: `All ${kind.watch}`, ...kind })).status).toBe(201);
  }
  await round();
  const { rules } = await get<AlertRuleList>('/alert-rules');
  const states = new Map(rules.map(({ name, state, trouble }) => [name, [state, trouble]]));
  for (const { watch } of kinds)
    expect(states.get(`All ${watch}`)?.[0], `${watch}: ${states.get(`All ${watch}`)}`).not.toBe('error');
  // No tap is connected here: a count that is not above its threshold says nothing.
  expect(states.get('All tap_lag')).toEqual(['no data', 'No tap is connected to the cluster.']);
  expect(states.get('All consumer_lag')).toEqual(['no data', 'No consumer group has been looked at yet.']);
});

test('a queue is resolved on the page of dead letters and for alerts alike, and taken back for both', async () => {
  const states = async () => {
    await round();
    const { alerts } = await get<AlertList>('/alerts');
    const alert = alerts.find(({ rule }) => rule === 'Dead letters pile up');
    const { queue } = await get<DeadLetterQueueDetail>('/dead-letters/orders.dlq');
    return [alert?.state, queue.mark?.state ?? null];
  };
  const mark = async (state: string) =>
    expect((await call('POST', '/dead-letter-marks', { topic: 'orders.dlq', state })).status).toBe(200);
  // It was resolved for alerts before.
  expect(await states()).toEqual(['resolved', 'resolved']);
  await arrive(101);
  expect((await states())[0]).toBe('firing');
  await mark('acknowledged');
  expect(await states()).toEqual(['firing', 'acknowledged']);
  await mark('resolved');
  expect(await states()).toEqual(['resolved', 'resolved']);
  await mark('new');
  expect(await states()).toEqual(['firing', 'new']);
  expect((await call('POST', '/alerts/queue-resolved', { topic: 'orders.dlq', author: 'ann' })).status).toBe(200);
  expect(await states()).toEqual(['resolved', 'resolved']);
});
