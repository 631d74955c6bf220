import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { sampleDeadLetters } from '../../e2e/sample/sample-dead-letters.ts';
import { until } from '../../e2e/support/until.ts';
import { SECRET, startReceiver } from '../../e2e/support/webhook-receiver.ts';
import { RULES, receiverOf, tapOn } from '../alerts/telling.test-support.ts';
import { migrateJobs } from '../jobs/migrate-jobs.ts';
import { createLiveHub } from '../live/create-live-hub.ts';
import { framesInMemory } from '../live/live.test-support.ts';
import { writeFileReceivers } from '../store/deliveries/file-receivers.ts';
import { createReceivers } from '../store/deliveries/receiver-store.ts';
import { createJobStore } from '../store/jobs/job-store.ts';
import { openStore, type TestStore } from '../store/store.test-support.ts';
import { NO_ALERTS } from './alerts/alerts.test-support.ts';
import { type Api, createApi } from './create-api.ts';
import { COMPONENTS } from './openapi/components.ts';

let store: TestStore;
let api: Api;
beforeAll(async () => {
  store = await openStore();
  await migrateJobs(store.database.url);
  const { pool, reads } = store;
  const clock = { now: () => store.now.value };
  api = createApi({
    ...{ reads, clock, version: '0' },
    jobs: createJobStore({ pool, workspaceId: 1 }),
    records: { record: async () => 'absent' },
    dialects: [],
    explain: () => Promise.reject(new Error('nothing is explained here')),
    schemas: async () => ({ schemas: [], broken: [], says: () => null, schemaFor: () => null }),
    violations: { set: async () => false },
    ...NO_ALERTS,
    drift: () => Promise.reject(new Error('nothing drifts here')),
    deadLetters: sampleDeadLetters(() => reads.asOf()),
    receivers: createReceivers({ pool, workspaceId: 1, bodyOf: RULES.bodyOf }),
    hub: createLiveHub({ frames: framesInMemory().reader, pulse: reads.pulse, clock }),
    databaseTrouble: async () => null,
    report: (error) => console.error(error),
  });
});
beforeEach(async () => {
  await store.pool.query(
    `truncate receiver, notice, notification_group, delivery, delivery_attempt;
     truncate graphile_worker._private_jobs, graphile_worker._private_job_queues`,
  );
});
afterAll(() => store.close());

async function ask(method: string, path: string, body?: unknown) {
  const answer = await api(
    new Request(`http://localhost/api/v1${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
  const text = await answer.text();
  // Whatever is asked, no secret comes back.
  expect(text).not.toMatch(/whsec_[A-Za-z0-9+]{8}|topsecret/);
  return { status: answer.status, body: JSON.parse(text) };
}

const HOOK = {
  name: 'ops',
  kind: 'webhook',
  url: 'https://hooks.example.com/a?key=topsecret',
  secret: SECRET,
  headers: { Authorization: 'Bearer topsecret' },
} as const;
const stored = async () =>
  (await store.pool.query('select url, secret, headers, group_wait_ms::int from receiver where name = $1', ['ops']))
    .rows;

describe('a receiver of the page', () => {
  it('is made with its secrets, which are answered to nobody', async () => {
    const made = await ask('POST', '/receivers', HOOK);
    expect(made.status).toBe(201);
    expect(COMPONENTS.Receiver.parse(made.body)).toEqual({
      ...{ name: 'ops', kind: 'webhook', from: 'page', address: 'https://hooks.example.com/a?…' },
      ...{ headers: ['Authorization'], secret: 'page', group_by: ['alertname'], group_wait_ms: 30_000 },
      ...{ group_interval_ms: 300_000, repeat_interval_ms: 14_400_000, send_resolved: true, disabled: null },
      ...{ waiting: 0, dead: 0, last_delivered_at: null },
    });
    expect(await stored()).toEqual([
      { url: HOOK.url, secret: SECRET, headers: JSON.stringify(HOOK.headers), group_wait_ms: 30_000 },
    ]);
    const list = await ask('GET', '/receivers');
    expect(COMPONENTS.ReceiverList.parse(list.body).receivers).toEqual([made.body]);
    expect((await ask('POST', '/receivers', HOOK)).status).toBe(409);
  });

  it('keeps what a change leaves out, and loses what a change takes away', async () => {
    await ask('POST', '/receivers', HOOK);
    const changed = await ask('PUT', '/receivers/ops', { kind: 'webhook', group_wait_ms: 0 });
    expect(changed).toMatchObject({ status: 200, body: { secret: 'page', group_wait_ms: 0 } });
    expect(await stored()).toEqual([
      { url: HOOK.url, secret: SECRET, headers: JSON.stringify(HOOK.headers), group_wait_ms: 0 },
    ]);
    await ask('PUT', '/receivers/ops', { kind: 'webhook', secret: null, headers: {} });
    expect(await stored()).toMatchObject([{ secret: null, headers: '{}' }]);
  });

  it('takes no secret along to another host, and none to Slack', async () => {
    await ask('POST', '/receivers', HOOK);
    const elsewhere = { kind: 'webhook', url: 'https://thief.example/a' };
    for (const change of [elsewhere, { ...elsewhere, secret: SECRET }, { ...elsewhere, headers: {} }]) {
      const refused = await ask('PUT', '/receivers/ops', change);
      expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining('another host')]);
    }
    expect(await stored()).toMatchObject([{ url: HOOK.url, secret: SECRET }]);
    const path = await ask('PUT', '/receivers/ops', { kind: 'webhook', url: 'https://hooks.example.com/b' });
    expect(path).toMatchObject({ status: 200, body: { secret: 'page', headers: ['Authorization'] } });
    await ask('PUT', '/receivers/ops', { kind: 'slack' });
    expect(await stored()).toMatchObject([{ secret: null, headers: JSON.stringify(HOOK.headers) }]);
    const anew = await ask('PUT', '/receivers/ops', { ...elsewhere, secret: null, headers: { A: 'b' } });
    expect(anew).toMatchObject({ status: 200, body: { secret: null, headers: ['A'] } });
  });

  it('goes, with what waits for it; the log keeps what was sent', async () => {
    await ask('POST', '/receivers', HOOK);
    await ask('POST', '/receivers/ops/test', {});
    expect((await ask('DELETE', '/receivers/ops', {})).body).toEqual({ removed: 'ops' });
    expect((await ask('GET', '/deliveries')).body).toMatchObject({
      deliveries: [{ state: 'dead', message: 'Its receiver was removed.' }],
      dead: 1,
    });
    for (const [method, path] of [
      ['DELETE', '/receivers/ops'],
      ['POST', '/receivers/ops/test'],
    ] as const) {
      expect((await ask(method, path, {})).status).toBe(404);
    }
    expect((await ask('PUT', '/receivers/ops', { kind: 'slack' })).status).toBe(404);
  });

  it.each([
    ['a name with a slash', { ...HOOK, name: 'a/b' }, 'name'],
    ['no address', { name: 'ops', kind: 'webhook' }, 'url'],
    ['another scheme', { ...HOOK, url: 'file:///etc/passwd' }, 'url'],
    ['a user in its address', { ...HOOK, url: 'https://u:topsecret@a/' }, 'url'],
    ['a secret that is none', { ...HOOK, secret: 'topsecret' }, 'secret'],
    ['a secret for Slack', { ...HOOK, kind: 'slack' }, 'secret'],
    ['a header that ends its line', { ...HOOK, headers: { A: 'topsecret\r\nB: c' } }, 'headers'],
    ['a header that is ours', { ...HOOK, headers: { 'Webhook-Id': '1' } }, 'headers'],
    ['a pause of text', { ...HOOK, group_wait_ms: 'abc' }, 'group_wait_ms'],
    ['intervals without end', { ...HOOK, group_interval_ms: 1 }, 'group_interval_ms'],
    ['what it has not', { ...HOOK, colour: 'red' }, 'body'],
  ])('with %s is refused, and the fault named', async (_, body, name) => {
    const { status, body: problem } = await ask('POST', '/receivers', body);
    expect([status, problem.errors?.[0]?.name]).toEqual([400, name]);
    expect((await store.pool.query('select from receiver')).rowCount).toBe(0);
  });
});

test('a receiver of the file is only read, and goes when the file does not name it any more', async () => {
  const places = { secret: { from: 'file', path: '/run/secret' }, url: { from: 'environment', name: 'X' } } as const;
  await writeFileReceivers(store.pool, 1, [receiverOf('ops', '', places)]);
  expect((await ask('GET', '/receivers')).body.receivers).toMatchObject([
    { name: 'ops', from: 'throughline.yaml', address: null, secret: 'file' },
  ]);
  expect((await ask('PUT', '/receivers/ops', { kind: 'webhook', url: 'http://elsewhere/' })).status).toBe(409);
  expect((await ask('DELETE', '/receivers/ops', {})).status).toBe(409);
  expect((await ask('POST', '/receivers', HOOK)).status).toBe(409);
  await ask('POST', '/receivers', { ...HOOK, name: 'mine' });
  await writeFileReceivers(store.pool, 1, []);
  expect((await ask('GET', '/receivers')).body.receivers).toMatchObject([{ name: 'mine' }]);
});

test('a test is sent by a tap, is in the log, and can be sent again', async () => {
  const hook = await startReceiver((response) => response.end('<b>thanks</b>'));
  const tap = tapOn(store.database.url);
  await ask('POST', '/receivers', { ...HOOK, url: hook.url });
  const made = await ask('POST', '/receivers/ops/test', {});
  expect(made.status).toBe(201);
  const { id } = COMPONENTS.Delivery.parse(made.body);
  const look = async () => COMPONENTS.DeliveryList.parse((await ask('GET', `/deliveries?id=${id}`)).body).deliveries[0];
  await until('the test to arrive', async () => (await look())?.state === 'delivered');
  expect(await look()).toMatchObject({ reason: 'test', attempts: [{ status: 200, excerpt: '<b>thanks</b>' }] });
  expect(JSON.parse(hook.got[0]?.text ?? '')).toMatchObject({ alerts: [{ labels: { alertname: 'Test' } }] });
  expect(hook.got[0]?.headers.authorization).toBe('Bearer topsecret');
  expect((await ask('POST', `/deliveries/${id}/resend`, {})).body).toMatchObject({ id, state: 'waiting' });
  await until('it to arrive again', async () => hook.got.length === 2 && (await look())?.state === 'delivered');
  expect(hook.got.map((got) => got.id)).toEqual([id, id]);
  await tap.stop();
  await hook.close();
  expect((await ask('POST', '/deliveries/00000000-0000-0000-0000-000000000000/resend', {})).status).toBe(404);
  expect((await ask('POST', '/deliveries/x/resend', {})).status).toBe(400);
});

test('deliveries come by the page, and by receiver, state and alert', async () => {
  for (const name of ['one', 'two']) await ask('POST', '/receivers', { ...HOOK, name });
  for (let n = 0; n < 5; n += 1) await ask('POST', `/receivers/${n % 2 === 0 ? 'one' : 'two'}/test`, {});
  const all = (await ask('GET', '/deliveries')).body.deliveries;
  expect(all).toHaveLength(5);
  const paged: unknown[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page: { body: { deliveries: unknown[]; next_cursor: string | null } } = await ask(
      'GET',
      `/deliveries?limit=2${next === '' ? '' : `&cursor=${next}`}`,
    );
    paged.push(...page.body.deliveries);
    next = page.body.next_cursor;
  }
  expect(paged).toEqual(all);
  expect((await ask('GET', '/deliveries?receiver=two')).body).toMatchObject({ waiting: 2, dead: 0 });
  expect((await ask('GET', '/deliveries?receiver=two')).body.deliveries).toHaveLength(2);
  expect((await ask('GET', '/deliveries?state=dead')).body.deliveries).toEqual([]);
  expect((await ask('GET', '/deliveries?alert=0000000000000000')).body.deliveries).toHaveLength(5);
  expect((await ask('GET', '/deliveries?alert=1111111111111111')).body.deliveries).toEqual([]);
  for (const bad of ['alert=x', 'state=gone', 'id=1', 'cursor=x', 'colour=red', 'limit=0']) {
    expect((await ask('GET', `/deliveries?${bad}`)).status).toBe(400);
  }
});
