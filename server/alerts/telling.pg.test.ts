import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../e2e/support/until.ts';
import { type Got, SECRET, startReceiver } from '../../e2e/support/webhook-receiver.ts';
import { migrateJobs } from '../jobs/migrate-jobs.ts';
import type { AlertNotice } from '../model/alert-notice.ts';
import { writeFileReceivers } from '../store/deliveries/file-receivers.ts';
import { createReceivers } from '../store/deliveries/receiver-store.ts';
import { scheduleNotices } from '../store/notices/schedule-notices.ts';
import { openStore, type TestStore } from '../store/store.test-support.ts';
import { inTransaction } from '../store/transaction.ts';
import { noticeOf, RULES, receiverOf, tapOn } from './telling.test-support.ts';

let store: TestStore;
let receivers: ReturnType<typeof createReceivers>;
let closing: { close?(): Promise<void>; stop?(): Promise<void> }[] = [];
beforeAll(async () => {
  store = await openStore();
  await migrateJobs(store.database.url);
  receivers = createReceivers({ pool: store.pool, workspaceId: 1, bodyOf: RULES.bodyOf });
});
beforeEach(async () => {
  await store.pool.query(
    `truncate receiver, notice, notification_group, delivery, delivery_attempt;
     truncate graphile_worker._private_jobs, graphile_worker._private_job_queues`,
  );
});
afterEach(async () => {
  for (const each of closing.reverse()) await (each.stop ?? each.close)?.();
  closing = [];
});
afterAll(() => store.close());

const say = (...notices: AlertNotice[]) => inTransaction(store.pool, (client) => scheduleNotices(client, 1, notices));
const tap = (options: Parameters<typeof tapOn>[1] = {}) => {
  const made = tapOn(store.database.url, options);
  closing.push(made);
  return made;
};
const receiver = async (...given: Parameters<typeof startReceiver>) => {
  const made = await startReceiver(...given);
  closing.push(made);
  return made;
};
const declared = (...all: Parameters<typeof writeFileReceivers>[2]) => writeFileReceivers(store.pool, 1, all);
const log = async () => (await receivers.deliveries({ limit: 100 })).deliveries;
const allDone = (count = 1) =>
  until('deliveries to be done', async () => {
    const all = await log();
    return all.length >= count && all.every(({ state }) => state !== 'waiting');
  });
const delivered = (count: number) =>
  until(`${count} deliveries`, async () => (await log()).filter(({ state }) => state === 'delivered').length >= count);

test('a notice is told to its receiver, signed, once', async () => {
  const hook = await receiver((response) => response.end('thanks'));
  await declared(receiverOf('ops', hook.url));
  const { failures } = tap();
  await say(noticeOf('x.dlq'));
  await delivered(1);
  const [got] = hook.got;
  expect(hook.got).toHaveLength(1);
  expect(new Webhook(SECRET).verify(got?.text ?? '', got?.headers as Record<string, string>)).toMatchObject({
    ...{ version: '4', status: 'firing', receiver: 'ops', groupLabels: { alertname: 'Dead letters', topic: 'x.dlq' } },
    alerts: [{ status: 'firing', generatorURL: 'http://throughline.test/alerts' }],
  });
  expect(await log()).toMatchObject([
    {
      ...{ id: got?.id, receiver: 'ops', state: 'delivered', reason: 'first', attempt_count: 1, message: null },
      attempts: [{ number: 1, outcome: 'delivered', status: 200, excerpt: 'thanks' }],
    },
  ]);
  expect(failures).toEqual([]);
});

test('what the caller rolls back is told to nobody', async () => {
  await declared(receiverOf('ops', 'http://127.0.0.1:1/'));
  await expect(
    inTransaction(store.pool, async (client) => {
      await scheduleNotices(client, 1, [noticeOf('x.dlq')]);
      throw new Error('the state did not change');
    }),
  ).rejects.toThrow();
  expect((await store.pool.query('select from notice')).rowCount).toBe(0);
  expect((await store.pool.query('select from graphile_worker.jobs')).rowCount).toBe(0);
});

test('fifty transitions reach a receiver that fails half the time, in order, repeats only under the same id', async () => {
  const good: Got[] = [];
  let luck = 7;
  const hook = await receiver((response, got) => {
    luck = (luck * 1103515245 + 12345) % 2147483648;
    if (luck % 1000 < 500) return response.writeHead(500).end('no');
    good.push(got);
    // Some were taken, and the answer is lost.
    return luck % 1000 < 600 ? response.destroy() : response.end();
  });
  await declared(receiverOf('ops', hook.url));
  tap({ retryMs: Array.from({ length: 60 }, () => 10) });
  for (let firing = 1; firing <= 25; firing += 1) {
    await say(noticeOf('x.dlq', { firing }));
    await say(noticeOf('x.dlq', { firing, status: 'resolved', endsAt: 2_000 }));
  }
  await until('the outbox to be empty', async () => (await store.pool.query('select from notice')).rowCount === 0);
  await allDone();
  const all = await log();
  expect(all.every(({ state }) => state === 'delivered')).toBe(true);
  // Each firing's end is told exactly once, whatever was told together.
  const ends = all.flatMap(({ alerts }) => alerts.filter(({ status }) => status === 'resolved'));
  expect(ends.map(({ firing }) => firing).sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
  // One text per id, and every id of the log arrived.
  const texts = new Map<string, Set<string>>();
  for (const { id, text } of hook.got) texts.set(id, (texts.get(id) ?? new Set()).add(text));
  expect([...texts.values()].every((each) => each.size === 1)).toBe(true);
  expect(new Set(good.map(({ id }) => id))).toEqual(new Set(all.map(({ id }) => id)));
  const firstOf = [...new Set(hook.got.map(({ id }) => id))];
  expect(firstOf).toEqual(all.map(({ id }) => id).toReversed());
});

test('500, a redirect, an early close and an answer of 10 MB are told in the log, and tried again where they failed', async () => {
  const answers: ((response: Parameters<Parameters<typeof startReceiver>[0]>[0]) => void)[] = [
    (response) => response.writeHead(500).end('<h1>broken</h1>'),
    (response) => response.writeHead(301, { location: 'http://127.0.0.1:1/' }).end(),
    (response) => response.destroy(),
    (response) => response.end(Buffer.alloc(10 * 2 ** 20, 'x')),
  ];
  const hook = await receiver((response, _, count) => answers[count - 1]?.(response));
  await declared(receiverOf('ops', hook.url));
  tap();
  await say(noticeOf('x.dlq'));
  await delivered(1);
  const [delivery] = await log();
  const host = new URL(hook.url).host;
  expect(delivery?.attempts.map(({ outcome, sentence }) => [outcome, sentence]).reverse()).toEqual([
    ['refused', 'It answered 500.'],
    ['refused', 'It answered 301, a redirect, and none is followed.'],
    ['failed', `${host} closed the connection before an answer came.`],
    ['delivered', 'It answered 200. Its answer is longer than 4 KB; the rest was not read.'],
  ]);
  expect(new Set(hook.got.map(({ id }) => id))).toEqual(new Set([delivery?.id]));
});

test('429 with Retry-After is heeded', async () => {
  const hook = await receiver((response) => response.writeHead(429, { 'retry-after': '3600' }).end());
  await declared(receiverOf('ops', hook.url));
  tap();
  await say(noticeOf('x.dlq'));
  const delivery = await until('the answer to be noted', async () =>
    (await log()).find(({ attempts }) => attempts[0]?.outcome === 'refused'),
  );
  expect(delivery).toMatchObject({ state: 'waiting', message: 'It answered 429.' });
  const pause = Date.parse(delivery.next_try_at ?? '') - Date.parse(delivery.attempts[0]?.at ?? '');
  expect(pause).toBeGreaterThan(3_590_000);
  // News does not push it forward.
  await say(noticeOf('x.dlq', { status: 'resolved', endsAt: 2_000 }));
  await until('the second delivery', async () => (await log()).length === 2);
  expect((await log()).map(({ next_try_at }) => next_try_at)).toEqual([null, delivery.next_try_at]);
  expect(hook.got).toHaveLength(1);
});

test('410 disables a receiver; a test or a delivery sent again that it takes enables it', async () => {
  let gone = true;
  const hook = await receiver((response) => response.writeHead(gone ? 410 : 200).end());
  await declared(receiverOf('ops', hook.url));
  tap();
  await say(noticeOf('x.dlq'));
  await allDone();
  await say(noticeOf('y.dlq'));
  await allDone(2);
  expect(await log()).toMatchObject([
    {
      state: 'dead',
      message: 'The receiver is disabled: it answered that it wants nothing any more.',
      attempt_count: 0,
    },
    { state: 'dead', message: 'It answered 410: it wants nothing any more.' },
  ]);
  expect(hook.got).toHaveLength(1);
  expect(await receivers.list()).toMatchObject([
    { name: 'ops', dead: 2, disabled: { reason: 'It answered 410: it wants nothing any more.' } },
  ]);
  gone = false;
  const [newest] = await log();
  await receivers.resend(newest?.id ?? '');
  await delivered(1);
  expect(await receivers.list()).toMatchObject([{ name: 'ops', dead: 1, disabled: null }]);
});

test('a receiver that hangs holds up neither another one nor its own for longer than a try', async () => {
  let hangs = true;
  const slow = await receiver((response) => (hangs ? undefined : response.end()));
  const quick = await receiver((response) => response.end());
  await declared(receiverOf('slow', slow.url), receiverOf('quick', quick.url));
  tap({ timeoutMs: 60_000 });
  for (let n = 0; n < 20; n += 1) await say(noticeOf(`q${n}`, { receivers: ['slow', 'quick'] }));
  await delivered(20);
  expect((await log()).filter(({ state }) => state === 'delivered').every(({ receiver: to }) => to === 'quick')).toBe(
    true,
  );
  // One at a time: the others wait their turn.
  expect(slow.got).toHaveLength(1);
  hangs = false;
});

test('a delivery that is given up is dead, and can be sent again under its id', async () => {
  let up = false;
  const hook = await receiver((response) => response.writeHead(up ? 200 : 503).end());
  await declared(receiverOf('ops', hook.url));
  tap({ retryMs: [5, 5] });
  await say(noticeOf('x.dlq'));
  await allDone();
  const [dead] = await log();
  expect(dead).toMatchObject({ state: 'dead', message: 'It answered 503.', attempt_count: 3, next_try_at: null });
  up = true;
  expect(await receivers.resend(dead?.id ?? '')).toMatchObject({ id: dead?.id, state: 'waiting' });
  await delivered(1);
  expect(new Set(hook.got.map(({ id }) => id))).toEqual(new Set([dead?.id]));
  expect((await log())[0]).toMatchObject({ attempt_count: 4 });
});

test('a tap that is killed between sending and noting leaves a delivery that is sent again under its id', async () => {
  const hook = await receiver((response) => response.end());
  await declared(receiverOf('ops', hook.url));
  const first = tap();
  await say(noticeOf('x.dlq'));
  await delivered(1);
  await first.stop();
  closing.pop();
  const [{ id } = { id: '' }] = await log();
  // As the kill leaves it: begun and not noted in our rows, locked in the library, its queue too.
  await store.pool.query(
    `update delivery set state = 'waiting', done_at = null, next_try_at = now() - interval '1 minute'`,
  );
  await store.pool.query(`update delivery_attempt set outcome = 'open', sentence = 'Under way.', status = null`);
  await store.pool.query(
    `select graphile_worker.add_job('deliver', payload => json_build_object('job', $1::text), queue_name => 'deliver ops',
       job_key => 'delivery ' || $1::text)`,
    [id],
  );
  await store.pool.query(
    `update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now() - interval '1 minute', attempts = 1;
     update graphile_worker._private_job_queues set locked_by = 'dead', locked_at = now() - interval '1 minute'`,
  );
  tap();
  await delivered(1);
  expect(hook.got.map((each) => each.id)).toEqual([id, id]);
  expect(new Set(hook.got.map(({ text }) => text)).size).toBe(1);
  expect((await log())[0]?.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
    [2, 'delivered'],
    [1, 'lost'],
  ]);
});

test('what is due and unknown to the job library is found', async () => {
  const hook = await receiver((response) => response.end());
  await declared(receiverOf('ops', hook.url));
  await say(noticeOf('x.dlq'));
  await store.pool.query(`update notice set noticed_at = now() - interval '1 minute'`);
  await store.pool.query('truncate graphile_worker._private_jobs');
  tap();
  await delivered(1);
  expect(hook.got).toHaveLength(1);
});

test('what a killed process had in hand when news came leaves no job behind', async () => {
  const hook = await receiver((response) => response.end());
  await declared(receiverOf('ops', hook.url));
  await say(noticeOf('x.dlq'));
  await store.pool.query(
    `update graphile_worker._private_jobs set locked_at = now() - interval '1 minute', locked_by = 'killed'`,
  );
  await say(noticeOf('y.dlq'));
  tap();
  await delivered(2);
  await until('its jobs to be gone', async () => {
    const { rowCount } = await store.pool.query('select from graphile_worker.jobs where attempts >= max_attempts');
    return rowCount === 0;
  });
});

test('alerts wait for their group, are told together, and repeated while they go on', async () => {
  const hook = await receiver((response) => response.end());
  await declared(
    receiverOf('ops', hook.url, { groupBy: [], groupWaitMs: 300, groupIntervalMs: 1, repeatIntervalMs: 700 }),
  );
  tap();
  await say(noticeOf('x.dlq'), noticeOf('y.dlq'));
  await delivered(2);
  await say(
    noticeOf('x.dlq', { status: 'resolved', endsAt: 2_000 }),
    noticeOf('y.dlq', { status: 'resolved', endsAt: 2_000 }),
  );
  await until('the end', async () => (await log())[0]?.reason === 'all resolved');
  const all = (await log()).toReversed();
  expect(all.map(({ reason }) => reason).filter((reason) => reason !== 'repeat')).toEqual(['first', 'all resolved']);
  expect(all.every(({ alerts }) => alerts.length === 2)).toBe(true);
  await until(
    'the group to be gone',
    async () => (await store.pool.query('select from notification_group')).rowCount === 0,
  );
});

test('a receiver that is not there leaves a dead delivery, and labels of any text are kept', async () => {
  tap();
  await say(noticeOf('x.dlq', { receivers: ['nobody'], labels: { alertname: 'a\0b\ud800' } }));
  await until('the dead delivery', async () => (await log()).length === 1);
  expect(await log()).toMatchObject([
    {
      state: 'dead',
      receiver: 'nobody',
      message: 'There is no receiver of this name.',
      alerts: [{ name: 'a\0b\ud800' }],
    },
  ]);
});

test('an address inside is refused, and said so', async () => {
  await declared(receiverOf('ops', 'http://169.254.169.254/latest/meta-data'));
  tap({ retryMs: [] });
  await receivers.test('ops');
  await allDone();
  expect(await log()).toMatchObject([
    {
      ...{ state: 'dead', reason: 'test', alerts: [{ name: 'Test' }] },
      attempts: [{ outcome: 'forbidden', sentence: expect.stringContaining('169.254.169.254 is no public address') }],
    },
  ]);
});
