import { afterAll, beforeAll, expect, test } from 'vitest';
import { bareRule } from '../../alerts/bare-rule.ts';
import { ALERT_KINDS, type AlertKind } from '../../model/alert-rule.ts';
import { NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import { NO_OBJECTIVES } from '../../model/objectives.ts';
import { createQueueReadings } from '../dead-letters/queue-readings.ts';
import { readDeliveries, readDelivery } from '../deliveries/delivery-list.ts';
import { notePlans, type Plans } from '../plans.test-support.ts';
import { batchOf, eventOf, NOON, openStore, type TestStore } from '../store.test-support.ts';
import { withClient } from '../transaction.ts';
import { createAlertDesk } from './alert-desk.ts';
import { createAlertHistory } from './alert-history.ts';
import { createAlertReadings } from './alert-readings.ts';

/** Tables that grow with what is stored, and with what becomes of alerts. */
const GROWING =
  /^(event|hop|segment|segment_bytes|term|trace|stall|ingest_count|watermark_change|dead_letter|dead_letter_count|violation|violation_count|alert|alert_transition|delivery|delivery_attempt)(_\d+)?$/;
const DAY_MS = 86_400_000;
const now = NOON / 1000;

let store: TestStore;
let plans: Plans;
beforeAll(async () => {
  store = await openStore();
  const place = await store.topic('orders');
  const dlq = await store.topic('orders.dlq');
  const original = { topic: 'orders', partition: 0, offset: 3n, timestamp: null };
  await store.ingest.storeBatch(batchOf(place, [eventOf(place, 0n), eventOf(place, 1n)]));
  await store.ingest.storeBatch(batchOf(dlq, [eventOf(dlq, 0n, { deadLetter: { original } })]));
  await store.settleAll();
  await store.pool.query('analyze');
  plans = notePlans(store.pool);
});
afterAll(() => store.close());

const clock = { now: () => store.now.value };
const reading = () => ({ pool: store.pool, workspaceId: 1 });
const readings = () =>
  createAlertReadings({ ...reading(), objectives: NO_OBJECTIVES, deadLetters: NO_DEAD_LETTER_RULES, clock });
const desk = () => createAlertDesk(reading());
const past = (kind: AlertKind) =>
  createAlertHistory({ ...reading(), objectives: NO_OBJECTIVES, deadLetters: NO_DEAD_LETTER_RULES, clock }).load(
    { ...bareRule('Any'), kind, windowMs: 300_000, threshold: 1 },
    { from: now - DAY_MS, to: now },
  );

const QUESTIONS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['counts of the last minutes', () => readings().counts(300_000)],
  ['the lag of the tap', () => readings().tap()],
  ['p95 of event types', () => readings().latency(600_000)],
  ['stalled traces', () => readings().stalls()],
  ['lag of consumer groups', () => readings().groupLags()],
  ['holes', () => readings().holes(600_000)],
  ['when each type was last stored', () => readings().lastStored(DAY_MS)],
  ['the oldest record of a queue', () => readings().oldestAfter({ life: 2, offsets: { 0: 0 } })],
  ...(['dead_letter_depth', 'stalls', 'latency'] as const).map(
    (kind) => [`traces that show an alert of ${kind}`, () => readings().exemplars(kind, labelsOf(kind))] as const,
  ),
  ['queues that are watched', () => createQueueReadings({ ...reading(), rules: NO_DEAD_LETTER_RULES }).readQueues()],
  ...(Object.keys(ALERT_KINDS) as AlertKind[]).map((kind) => [`the past of ${kind}`, () => past(kind)] as const),
  ['alerts that are not inactive', () => desk().overview({ from: now - DAY_MS, to: now })],
  ['one alert', () => desk().alert('0123456789abcdef')],
  ['rules', () => desk().rules()],
  ['silences', () => desk().silences()],
  ...[{}, { receiver: 'ops' }, { state: 'dead' as const }, { alert: '0123456789abcdef' }].map(
    (filter) =>
      [
        `deliveries by ${Object.keys(filter)[0] ?? 'nothing'}`,
        () => withClient(store.pool, (client) => readDeliveries(client, 1, { limit: 10, ...filter })),
      ] as const,
  ),
  [
    'one delivery',
    () => withClient(store.pool, (client) => readDelivery(client, 1, '00000000-0000-4000-8000-000000000001')),
  ],
];

function labelsOf(kind: AlertKind): Readonly<Record<string, string>> {
  return kind === 'dead_letter_depth' ? { queue: 'orders.dlq' } : { event_type: 'order.placed' };
}

test.each(QUESTIONS)('%s: no table that grows is read from end to end', async (_name, ask) => {
  const planned = await plans.of(ask, GROWING);
  expect(planned.filter(({ whole }) => whole.length > 0)).toEqual([]);
});

test('the oldest record of a queue is its first dead letter from an offset on', async () => {
  const { rows } = await store.pool.query<{ life: number }>('select incarnation_id as life from dead_letter');
  const life = rows[0]?.life ?? 0;
  expect(await readings().oldestAfter({ life, offsets: { 0: 0, 1: 0 } })).toBe(NOON / 1000);
  expect(await readings().oldestAfter({ life, offsets: { 0: 1 } })).toBeNull();
});
