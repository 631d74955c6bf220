import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../../e2e/support/until.ts';
import { learnFollows } from '../../measure/learn-follows.ts';
import { nextExpected } from '../../measure/next-expected.ts';
import type { Learned } from '../../model/follow.ts';
import { micros, millis } from '../../model/time.ts';
import type { Expectations } from '../../model/waiting.ts';
import { MAY_NOT_READ, type TopicPartition } from '../../ports/source.ts';
import { batchOf, eventOf, openStore, type TestStore } from '../store.test-support.ts';
import { createStallStore } from './stall-store.ts';

const SECOND = 1_000_000;

let store: TestStore;
let orders: TopicPartition;
let shipments: TopicPartition;
const offsets = new Map<TopicPartition, bigint>();
const began = Date.now() * 1000;
beforeAll(async () => {
  store = await openStore();
  orders = await store.topic('orders');
  shipments = await store.topic('shipments');
});
beforeEach(() => {
  store.now.value = millis(Date.now());
});
afterAll(() => store.close());

/** Stores an event so many seconds before this file began, and settles it. */
async function happened(topic: TopicPartition, correlation: string, type: string, agoS: number, service = 'shop') {
  const offset = offsets.get(topic) ?? 0n;
  offsets.set(topic, offset + 1n);
  const at = micros(began - agoS * SECOND);
  await store.ingest.storeBatch(
    batchOf(topic, [eventOf(topic, offset, { correlation, type, service, at })], micros(began)),
  );
}

async function settle(): Promise<void> {
  await store.settleAll();
  await store.pool.query('update episode_check set check_at = now()');
}

const open = async () => {
  const stalls = createStallStore({ pool: store.pool, workspaceId: 1 });
  expect(await stalls.lead()).toBe(true);
  return stalls;
};

const expecting = ({ follows }: Learned, flows: Expectations['flows'] = []): Expectations => ({
  flows,
  follows: new Map(follows.map(({ typeId }) => [typeId, follows.filter((each) => each.typeId === typeId)])),
});

/** Looks, learns and looks again, as the watch does round by round. */
async function learnAndCheck(flows: Expectations['flows'] = []): Promise<Learned> {
  const stalls = await open();
  const checkAll = async (learned: Learned) => {
    while ((await stalls.check(10, (one) => nextExpected(one, expecting(learned, flows), one.ageUs))) > 0) {}
  };
  try {
    const known = await stalls.learned();
    await checkAll(known);
    const sample = await stalls.sample(1000);
    const learned = learnFollows(sample.episodes, { known: known.follows, stalledForADay: sample.stalledForADay });
    await stalls.remember(learned);
    await checkAll(learned);
    return learned;
  } finally {
    await stalls.release();
  }
}

const statusOf = async (id: string) =>
  (await store.reads.trace({ id }, { includePayload: false, limit: 10 }))?.status ?? null;
const listed = async (status: 'stalled' | 'failed' | 'running' | 'unknown' | 'done') =>
  (await store.reads.traces({ singles: 'all', includeLine: false, limit: 200, status })).traces
    .map((trace) => trace.correlation_id)
    .sort();

test('what usually follows is learned from what is settled, with who produces it and where', async () => {
  for (let n = 0; n < 15; n += 1) {
    await happened(orders, `whole-${n}`, 'order.asked', 300 + n);
    await happened(shipments, `whole-${n}`, 'order.sent', 299 + n, 'shipping');
  }
  await settle();
  const learned = await learnAndCheck();
  expect(learned.follows).toMatchObject([{ traces: 15, followed: 15, typicalUs: SECOND, waitUs: 5 * SECOND }]);
  expect(learned.makers.find(({ typeId }) => typeId === learned.follows[0]?.followId)?.incarnationIds).toEqual([
    shipments.incarnationId,
  ]);
  const { rows } = await store.pool.query('select from episode_check');
  expect(rows).toHaveLength(0);
  expect((await store.reads.stalls({ limit: 5 })).total).toBe(0);
});

test('a trace whose next event is overdue is stalled: listed with step, record, basis and groups', async () => {
  const { rows } = await store.pool.query<{ id: number }>(
    `insert into consumer_group (workspace_id, cluster_id, name, digest, label, own, protocol_type, member_count, state,
       members, first_seen_at)
     values (1, $1, 'x', 'x', 'dev.shipping.send.v1', false, 'consumer', 0, 'Empty', '[]', now()) returning id`,
    [store.clusterId],
  );
  await store.pool.query(
    `insert into committed_offset (group_id, incarnation_id, partition, committed, seen_at, changed_at)
     values ($1, $2, 0, 15, now(), now())`,
    [rows[0]?.id, orders.incarnationId],
  );
  await happened(orders, 'stuck', 'order.asked', 60);
  await settle();
  await learnAndCheck();
  expect(await statusOf('stuck')).toBe('stalled');
  const { pairs, stalls, total } = await store.reads.stalls({ limit: 5 });
  expect(total).toBe(1);
  expect(pairs).toMatchObject([{ count: 1, oldest: { correlation_id: 'stuck' } }]);
  expect(stalls).toMatchObject([
    {
      correlation_id: 'stuck',
      step: { event_type: 'order.asked', topic: 'orders', id: 'test/orders~1/0/15' },
      missing: { event_type: 'order.sent', service: 'shipping' },
      basis: { kind: 'learned', traces: 15, followed: 15, p95_ms: 1000, flow: null },
      groups: [{ group: 'dev.shipping.send.v1', state: 'silent', of_service: true, members: 0 }],
      whose: { service: 'shipping', owner: null },
    },
  ]);
  const elsewhere = await store
    .freshReads(undefined, [{ group: '^dev\\.ship', service: 'audit' }])
    .stalls({ limit: 5 });
  expect(elsewhere.stalls[0]?.groups).toMatchObject([{ group: 'dev.shipping.send.v1', of_service: false }]);
  const detail = await store.reads.trace({ id: 'stuck' }, { includePayload: false, limit: 10 });
  expect(detail?.stall?.missing.event_type).toBe('order.sent');
  expect(detail?.owner).toEqual({ service: 'shipping', system: null, owner: null });
  expect(await listed('stalled')).toEqual(['stuck']);
  expect(await listed('running')).not.toContain('stuck');
});

test('stalled traces do not unlearn what they wait for', async () => {
  for (let n = 0; n < 40; n += 1) await happened(orders, `stuck-${n}`, 'order.asked', 50 - n / 10);
  await settle();
  await learnAndCheck();
  const learned = await learnAndCheck();
  expect(learned.follows).toMatchObject([{ traces: 15, followed: 15 }]);
  const { total, stalls, next_cursor } = await store.reads.stalls({ limit: 30 });
  expect([total, stalls.length]).toEqual([41, 30]);
  const rest = await store.reads.stalls({ limit: 30, cursor: next_cursor ?? '' });
  expect(new Set([...stalls, ...rest.stalls].map(({ correlation_id }) => correlation_id)).size).toBe(41);
});

test('it goes on when the event comes: at once for readers, at the next look for good', async () => {
  await happened(shipments, 'stuck', 'order.sent', 1, 'shipping');
  await settle();
  expect(await statusOf('stuck')).not.toBe('stalled');
  expect(await listed('stalled')).not.toContain('stuck');
  // How long it took after all says nothing of what is usual.
  expect((await learnAndCheck()).follows).toMatchObject([{ traces: 15, waitUs: 5 * SECOND }]);
  const { rows } = await store.pool.query(
    `select from stall s join trace t using (trace_key) where t.id_text = 'stuck'`,
  );
  expect(rows).toHaveLength(0);
});

test('nothing is claimed while the topic of the missing event is not read past its time', async () => {
  await store.pool.query(
    `update partition_state set all_read_at = now() - interval '10 minutes', last_recorded_at = now() - interval '10 minutes'
     where incarnation_id = $1`,
    [shipments.incarnationId],
  );
  await happened(orders, 'perhaps', 'order.asked', 40);
  await settle();
  const stalls = await open();
  const learned = await stalls.learned();
  await stalls.check(10, (one) => nextExpected(one, expecting(learned), one.ageUs));
  await stalls.release();
  const detail = await store.reads.trace({ id: 'perhaps' }, { includePayload: false, limit: 10 });
  expect([detail?.status, detail?.stall]).toEqual(['unknown', null]);
  expect(detail?.status_reason).toContain('the tap is behind');
  expect((await store.reads.stalls({ limit: 1 })).tap_behind).toBe(1);
  expect(await listed('unknown')).toContain('perhaps');
  await store.pool.query('update partition_state set all_read_at = now()');
  await store.pool.query('update episode_check set check_at = now()');
  await learnAndCheck();
  expect(await statusOf('perhaps')).toBe('stalled');
});

test('an unsettled record of the trace stands against a claim', async () => {
  await happened(orders, 'marked', 'order.asked', 30);
  await settle();
  await happened(shipments, 'marked', 'order.sent', 29, 'shipping');
  await learnAndCheck();
  expect(
    (await store.pool.query(`select from stall s join trace t using (trace_key) where t.id_text = 'marked'`)).rows,
  ).toHaveLength(0);
  await settle();
  await learnAndCheck();
  expect(await listed('stalled')).not.toContain('marked');
});

test('a record that is stored while a claim is weighed stands against it', async () => {
  await happened(orders, 'answered', 'order.asked', 30);
  await settle();
  const stalls = await open();
  const learned = await stalls.learned();
  const client = await store.pool.connect();
  // Holds the look between the traces that are due and how far all is read.
  await client.query('begin; lock table watch_round in access exclusive mode');
  const looking = stalls.check(10, (one) => nextExpected(one, expecting(learned), one.ageUs));
  await until('the look to wait for the lock', async () => {
    const { rows } = await store.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  });
  await happened(shipments, 'answered', 'order.sent', 29, 'shipping');
  await client.query('rollback');
  client.release();
  expect(await looking).toBe(1);
  await stalls.release();
  expect(
    (await store.pool.query(`select from stall s join trace t using (trace_key) where t.id_text = 'answered'`)).rows,
  ).toHaveLength(0);
  await settle();
  await learnAndCheck();
  expect(await listed('stalled')).not.toContain('answered');
});

test('a declared step that no event ever was is missed by its name', async () => {
  await happened(orders, 'declared', 'refund.asked', 30);
  await settle();
  const stalls = await open();
  const ids = await stalls.typeIds(['refund.asked', 'refund.paid']);
  await stalls.release();
  const steps = [
    { typeId: null, eventType: 'refund.paid', withinUs: 5 * SECOND, service: 'bank', group: 'dev.bank.pay' },
  ];
  const flow = { name: 'Refund', startId: ids.get('refund.asked') ?? 0, endIds: new Set<number>(), steps };
  await learnAndCheck([flow]);
  const detail = await store.reads.trace({ id: 'declared' }, { includePayload: false, limit: 10 });
  expect(detail?.stall).toMatchObject({
    step: { event_type: 'refund.asked' },
    missing: { event_type: 'refund.paid', service: 'bank' },
    basis: { kind: 'declared', flow: 'Refund', traces: null },
    groups: [{ group: 'dev.bank.pay', state: 'absent' }, { group: 'dev.shipping.send.v1' }],
  });
});

test('a declared step that no event ever was is missed when all is read that the tap may read, not before', async () => {
  const secret = await store.topic('secret');
  await happened(orders, 'beside', 'refund.asked', 30);
  await settle();
  const stalls = await open();
  const ids = await stalls.typeIds(['refund.asked']);
  await stalls.release();
  const steps = [{ typeId: null, eventType: 'refund.paid', withinUs: 5 * SECOND, service: null, group: null }];
  const flow = { name: 'Refund', startId: ids.get('refund.asked') ?? 0, endIds: new Set<number>(), steps };
  const read = (topic: TopicPartition, ago: string) =>
    store.pool.query(
      `update partition_state set all_read_at = now() - $2::interval, last_recorded_at = null where incarnation_id = $1`,
      [topic.incarnationId, ago],
    );
  const statusWhile = async (reason: string) => {
    await store.ingest.markUnreadable(store.clusterId, [{ topic: 'secret', reason }]);
    await store.pool.query('update episode_check set check_at = now()');
    await learnAndCheck([flow]);
    return statusOf('beside');
  };
  await read(shipments, '0');
  expect(await statusWhile('No broker leads the topic.')).toBe('unknown');
  await read(shipments, '10 minutes');
  expect(await statusWhile(MAY_NOT_READ)).toBe('unknown');
  await read(shipments, '0');
  expect(await statusWhile(MAY_NOT_READ)).toBe('stalled');
  await store.ingest.markUnreadable(store.clusterId, []);
  await read(secret, '0');
});

test('a trace with an error event has failed, and waits for nothing', async () => {
  await happened(orders, 'failing', 'order.asked', 40);
  await happened(orders, 'failing', 'ORDER_FAILED', 39);
  await settle();
  await learnAndCheck();
  const detail = await store.reads.trace({ id: 'failing' }, { includePayload: false, limit: 10 });
  expect([detail?.status, detail?.status_reason, detail?.owner?.service]).toEqual(['failed', 'ORDER_FAILED', 'shop']);
  expect(await listed('failed')).toEqual(['failing']);
  expect(await listed('running')).not.toContain('failing');
});

test('every trace is listed under exactly the status it shows', async () => {
  const all = await store.reads.traces({ singles: 'all', includeLine: false, limit: 200 });
  for (const status of ['stalled', 'failed', 'running', 'unknown', 'done'] as const) {
    const shown = all.traces.filter((trace) => trace.status === status).map((trace) => trace.correlation_id);
    expect(await listed(status)).toEqual(shown.sort());
  }
});

test('one process leads at a time', async () => {
  const first = await open();
  const second = createStallStore({ pool: store.pool, workspaceId: 1 });
  expect(await second.lead()).toBe(false);
  await expect(second.tidy()).rejects.toThrow('lost');
  await first.release();
  expect(await second.lead()).toBe(true);
  await second.release();
});

test('what has expired is forgotten, and what was due long ago is not claimed', async () => {
  await store.pool.query(`delete from trace where id_text like 'stuck-%'`);
  await happened(orders, 'ancient', 'order.asked', 3 * 86_400);
  await settle();
  const stalls = await open();
  await stalls.tidy();
  await stalls.release();
  await learnAndCheck();
  expect(await listed('stalled')).not.toContain('ancient');
  const { rows } = await store.pool.query(
    'select from stall s where not exists (select from trace t where t.trace_key = s.trace_key)',
  );
  expect(rows).toHaveLength(0);
});
