import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookByKind } from '../../alerts/look.ts';
import { readRule } from '../../alerts/read-rule.ts';
import type { AlertRule, WrittenRule } from '../../model/alert-rule.ts';
import { NO_DEAD_LETTER_RULES } from '../../model/dead-letter-queue.ts';
import { millis } from '../../model/time.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { createAlertHistory } from './alert-history.ts';
import { createAlertReadings } from './alert-readings.ts';

const clock = { now: () => millis(Date.now()) };
const DEAD_LETTERS = { ...NO_DEAD_LETTER_RULES, queues: ['^graveyard$'], ignore: ['^audit.dlq$'] };
/** Queues by declaration, by what the broker says, by the records in them, by name; and one that is declared to be none. */
const RECORDS = { orders: 40n, graveyard: 4n, parked: 3n, failures: 2n, 'orders.dlq': 1n, 'audit.dlq': 5n };
const QUEUES = ['failures', 'graveyard', 'orders.dlq', 'parked'];

let store: TestStore;
beforeAll(async () => {
  store = await openStore();
  for (const [name, records] of Object.entries(RECORDS)) {
    const topic = await store.topic(name);
    const letter = name === 'failures' ? { deadLetter: {} } : {};
    const offsets = Array.from({ length: Number(records) }, (_, n) => BigInt(n));
    await store.ingest.storeBatch(
      batchOf(
        topic,
        offsets.map((offset) => eventOf(topic, offset, { correlation: `${name}${offset}`, ...letter })),
      ),
    );
    await store.pool.query(
      `insert into watermark (incarnation_id, partition, low, high, moved_at) values ($1, 0, 0, $2, now())`,
      [topic.incarnationId, records.toString()],
    );
  }
  await store.pool.query(`select ensure_stored_day(((now() - interval '10 minutes') at time zone 'utc')::date)`);
  await store.pool.query(`update ingest_count set stored_minute = date_trunc('minute', now()) - interval '10 minutes'`);
  await store.pool.query(
    `insert into topic_config (incarnation_id, dead_letters, looked_at)
     select id, true, now() from incarnation where topic = 'parked'`,
  );
});
afterAll(() => store.close());

const options = () => ({
  ...{ pool: store.pool, workspaceId: 1, clock, deadLetters: DEAD_LETTERS },
  objectives: { hops: [], flows: [], replies: [] },
});

function ruleOf(written: Omit<WrittenRule, 'name'>): AlertRule {
  const read = readRule({ name: 'R', ...written });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.rule;
}

test('arrivals count for each queue, whatever says that it is one, and for no topic that is declared to be none', async () => {
  const readings = createAlertReadings(options());
  const counted = readings.counts(3_600_000);
  const deps = { readings: { ...readings, counts: () => counted }, queues: { readQueues: async () => [] } };
  const look = async (rule: AlertRule) => {
    const found = await lookByKind(rule, { ...deps, markOf: () => null, now: clock.now() });
    if (found.kind !== 'read') throw new Error(found.why);
    return new Map(found.items.map(({ labels, value, said }) => [labels.queue, { value: value ?? 0, ...said }]));
  };
  const rates = await look(ruleOf({ watch: 'dead_letter_rate', threshold: 1 }));
  expect([...rates.keys()].sort()).toEqual(QUEUES);
  const { spanMs } = await counted;
  expect(rates.get('graveyard')?.value).toBeCloseTo(4 / (spanMs / 60_000), 6);
  const shares = await look(ruleOf({ watch: 'dead_letter_share', threshold: '1%' }));
  expect(shares.get('orders.dlq')).toEqual({ value: 1 / 40, share_of: 'events of orders' });
  // A topic that is declared to be none holds events.
  expect(shares.get('graveyard')).toEqual({ value: 4 / 45, share_of: 'all events' });
});

test('a rule that is held against the past means the same queues', async () => {
  const now = Math.ceil(clock.now() / 300_000) * 300_000;
  const queuesOf = async (rule: AlertRule) => {
    const { at } = await createAlertHistory(options()).load(rule, { from: now - 3_600_000, to: now });
    if (at === null) throw new Error('no history');
    const found = await lookByKind(rule, { ...at(now), markOf: () => null, now });
    if (found.kind !== 'read') throw new Error(found.why);
    return found.items.map(({ labels }) => labels.queue).sort();
  };
  expect(await queuesOf(ruleOf({ watch: 'dead_letter_rate', threshold: 1, window: '1h' }))).toEqual(QUEUES);
  expect(await queuesOf(ruleOf({ watch: 'dead_letter_depth', threshold: 1 }))).toEqual(QUEUES);
});

test('the oldest dead letter from some offsets on is that of the partition where it is oldest', async () => {
  const readings = createAlertReadings(options());
  const { rows } = await store.pool.query<{ id: number; at: number }>(
    `select incarnation_id as id, extract(epoch from recorded_at)::float8 * 1000 as at from dead_letter order by "offset"`,
  );
  const [first, second] = rows;
  const after = (from: number) => readings.oldestAfter({ life: first?.id ?? 0, offsets: { 0: from, 1: 0 } });
  expect([await after(0), await after(1), await after(2)]).toEqual([first?.at, second?.at, null]);
});
