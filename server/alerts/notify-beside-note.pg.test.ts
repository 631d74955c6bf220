import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../e2e/support/until.ts';
import { startReceiver } from '../../e2e/support/webhook-receiver.ts';
import { migrateJobs } from '../jobs/migrate-jobs.ts';
import type { AlertNotice } from '../model/alert-notice.ts';
import { writeFileReceivers } from '../store/deliveries/file-receivers.ts';
import { rescueDeliveries } from '../store/deliveries/rescue-deliveries.ts';
import { scheduleNotices } from '../store/notices/schedule-notices.ts';
import { openStore, type TestStore } from '../store/store.test-support.ts';
import { inTransaction } from '../store/transaction.ts';
import { noticeOf, receiverOf, tapOn } from './telling.test-support.ts';

let store: TestStore;
let closing: (() => Promise<void>)[] = [];
beforeAll(async () => {
  store = await openStore();
  await migrateJobs(store.database.url);
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
  await store.pool.query(
    `truncate receiver, notice, notification_group, delivery, delivery_attempt;
     truncate graphile_worker._private_jobs, graphile_worker._private_job_queues`,
  );
});
afterAll(() => store.close());

const say = (notice: AlertNotice) => inTransaction(store.pool, (client) => scheduleNotices(client, 1, [notice]));
const ENDED = noticeOf('x.dlq', { status: 'resolved', endsAt: 2_000 });

interface Row {
  readonly state: string;
  readonly due: boolean;
}

async function deliveries(): Promise<readonly Row[]> {
  const { rows } = await store.pool.query<Row>(
    'select state, next_try_at is not null as due from delivery order by ordinal',
  );
  return rows;
}

/** Connections that wait for a lock, of a table or of a row that another transaction holds. */
async function waiting(type: 'relation' | 'transactionid'): Promise<number> {
  const { rowCount } = await store.pool.query(
    `select from pg_locks l join pg_stat_activity a using (pid)
     where a.datname = current_database() and not l.granted and l.locktype = $1`,
    [type],
  );
  return rowCount ?? 0;
}

/** A receiver whose first request stands open until `answer`. */
async function startHeldReceiver() {
  const held: ServerResponse[] = [];
  const hook = await startReceiver((response, _, count) => (count === 1 ? held.push(response) : response.end()));
  closing.push(hook.close);
  return { ...hook, answer: () => held[0]?.end() };
}

test('a delivery that is written while the one before it is noted as taken has its turn', async () => {
  const hook = await startHeldReceiver();
  await writeFileReceivers(store.pool, 1, [receiverOf('ops', hook.url)]);
  await say(noticeOf('x.dlq'));
  closing.push(tapOn(store.database.url).stop);
  await until('the first request', async () => hook.got.length === 1);

  // The end is written behind the begin, and its transaction stays open here: it has the group to write yet.
  const client = await store.pool.connect();
  await client.query('begin; lock table notification_group in share row exclusive mode');
  await say(ENDED);
  await until('the end to be written', async () => (await waiting('relation')) > 0);
  hook.answer();
  await until(
    'the begin to be noted, or to wait for that',
    async () => (await deliveries())[0]?.state === 'delivered' || (await waiting('transactionid')) > 0,
  );
  await client.query('rollback');
  client.release();

  const both = await until('both', async () => {
    const [begin, end] = await deliveries();
    return begin?.state === 'delivered' && end !== undefined ? [begin, end] : null;
  });
  expect(both[1]?.state === 'delivered' || both[1]?.due).toBe(true);
  await until('the end to be told', async () => hook.got.length === 2);
});

test('a delivery that waits for one that is not there any more is found again', async () => {
  const hook = await startReceiver((response) => response.end());
  closing.push(hook.close);
  await writeFileReceivers(store.pool, 1, [receiverOf('ops', hook.url)]);
  closing.push(tapOn(store.database.url).stop);
  await say(noticeOf('x.dlq'));
  await until('the begin to be told', async () => (await deliveries())[0]?.state === 'delivered');
  await store.pool.query(
    `insert into delivery (workspace_id, receiver, group_id, reason, status, group_labels, alerts, fingerprints, body, state)
     select workspace_id, receiver, group_id, reason, 'resolved', group_labels, alerts, fingerprints, body, 'waiting'
     from delivery`,
  );
  await rescueDeliveries(store.pool, 86_400_000);
  expect(await deliveries()).toMatchObject([{ state: 'delivered' }, { due: true }]);
});

test('a receiver is told by the next tap after one that stopped in order right behind a request', async () => {
  const hook = await startReceiver((response) => response.end());
  closing.push(hook.close);
  await writeFileReceivers(store.pool, 1, [receiverOf('ops', hook.url)]);
  for (let round = 1; round <= 20; round += 1) {
    const topic = `round${round}.dlq`;
    const tap = tapOn(store.database.url);
    await say(noticeOf(topic));
    // What the stop cut off is sent again under its id, so requests are told apart by what they say.
    await until(`${topic} to be told`, async () => hook.got.some(({ text }) => text.includes(`"${topic}"`)));
    await tap.stop();
  }
});

test('a receiver whose queue a dead process holds without a job is told all the same', async () => {
  const hook = await startReceiver((response) => response.end());
  closing.push(hook.close);
  await writeFileReceivers(store.pool, 1, [receiverOf('ops', hook.url)]);
  await store.pool.query(
    `insert into graphile_worker._private_job_queues (queue_name, locked_at, locked_by)
     values ('deliver ops', now() - interval '1 minute', 'a dead process')`,
  );
  await say(noticeOf('x.dlq'));
  closing.push(tapOn(store.database.url).stop);
  await until('the request', async () => hook.got.length === 1);
});
