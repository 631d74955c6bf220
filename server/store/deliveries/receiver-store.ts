import type { Pool } from 'pg';
import type { ReceiverRequest, ReceiverWire } from '../../model/delivery-wire.ts';
import type { GroupMember, NotificationGroup } from '../../model/notification.ts';
import { TELLING_DEFAULTS } from '../../model/notification.ts';
import { MOST_RECEIVERS } from '../../model/receiver.ts';
import type { NotificationRules, ReceiverRefusal, Receivers } from '../../ports/deliveries.ts';
import { LOCKS } from '../locks.ts';
import { insertDelivery } from '../notices/insert-delivery.ts';
import { BEGIN, inTransaction, type Queryable } from '../transaction.ts';
import { readDeliveries, readDelivery } from './delivery-list.ts';
import { readReceivers, writeReceiver } from './receiver-rows.ts';
import { resend } from './resend.ts';

export interface ReceiversDeps {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly bodyOf: NotificationRules['bodyOf'];
}

/** Receivers and deliveries as pages and the API see them, on PostgreSQL. Secrets go in and never come out. */
export function createReceivers({ pool, workspaceId, bodyOf }: ReceiversDeps): Receivers {
  const locked = <T>(work: (client: Queryable) => Promise<T>): Promise<T> =>
    inTransaction(pool, async (client) => {
      // Their number is bounded, so making and changing them waits for one another.
      await client.query('select pg_advisory_xact_lock($1, $2)', [LOCKS.receivers, workspaceId]);
      return work(client);
    });
  const one = async (client: Queryable, name: string): Promise<ReceiverWire | null> =>
    (await readReceivers(client, workspaceId, name))[0] ?? null;

  const write = async (client: Queryable, request: ReceiverRequest): Promise<ReceiverWire | ReceiverRefusal> => {
    const { rows } = await client.query<Kept>(KEPT, [workspaceId, request.name]);
    const [kept] = rows;
    const url = request.url ?? kept?.url;
    if (url === undefined) return 'no url';
    const { name, kind } = request;
    const keeps = {
      secret: request.secret === undefined ? (kept?.secret ?? null) : null,
      headers: request.headers === undefined ? (kept?.headers ?? NO_HEADERS) : NO_HEADERS,
    };
    const takesAlong = keeps.secret !== null || keeps.headers !== NO_HEADERS;
    if (kept !== undefined && takesAlong && new URL(url).origin !== new URL(kept.url).origin) return 'another host';
    // A message of Slack's is not signed.
    const secret = kind === 'slack' ? null : (request.secret ?? keeps.secret);
    const headers = request.headers ?? JSON.parse(keeps.headers);
    const rules = {
      groupBy: request.group_by ?? TELLING_DEFAULTS.groupBy,
      groupWaitMs: request.group_wait_ms ?? TELLING_DEFAULTS.groupWaitMs,
      groupIntervalMs: request.group_interval_ms ?? TELLING_DEFAULTS.groupIntervalMs,
      repeatIntervalMs: request.repeat_interval_ms ?? TELLING_DEFAULTS.repeatIntervalMs,
      sendResolved: request.send_resolved ?? TELLING_DEFAULTS.sendResolved,
    };
    await writeReceiver(client, workspaceId, { name, kind, url, secret, headers, ...rules }, false);
    return (await one(client, name)) ?? 'no such receiver';
  };

  return {
    list: () => readReceivers(pool, workspaceId),
    create: (request) =>
      locked(async (client) => {
        const all = await readReceivers(client, workspaceId);
        if (all.some(({ name }) => name === request.name)) return 'name taken';
        return all.length >= MOST_RECEIVERS ? 'too many' : write(client, request);
      }),
    change: (name, request) =>
      locked(async (client) => refusal(await one(client, name)) ?? write(client, { ...request, name })),
    remove: (name) =>
      locked(async (client) => {
        const refused = refusal(await one(client, name));
        if (refused !== null) return refused;
        await client.query('delete from receiver where workspace_id = $1 and name = $2', [workspaceId, name]);
        await client.query(GIVE_UP, [workspaceId, name]);
        return 'removed';
      }),
    test: (name) =>
      inTransaction(pool, async (client) => {
        const receiver = await one(client, name);
        if (receiver === null) return 'no such receiver';
        const now = Date.now();
        const { group, notification } = testOf(name, now);
        const id = await insertDelivery(client, workspaceId, {
          ...{ receiver: name, groupId: null, groupLabels: group.labels, notification, now },
          body: bodyOf(notification, receiver, group),
        });
        const delivery = await readDelivery(client, workspaceId, id);
        if (delivery === null) throw new Error('a delivery was made and is not there');
        return delivery;
      }),
    deliveries: (filter) =>
      // One snapshot: a delivery and its tries belong together.
      inTransaction(pool, (client) => readDeliveries(client, workspaceId, filter), BEGIN.reading),
    resend: (id) =>
      inTransaction(pool, async (client) => {
        await resend(client, workspaceId, id);
        return readDelivery(client, workspaceId, id);
      }),
  };
}

/** As they are stored. */
const NO_HEADERS = '{}';

interface Kept {
  url: string;
  secret: string | null;
  headers: string;
}

const KEPT = `
  select url, secret, headers from receiver where workspace_id = $1 and name = $2 and not from_file for update`;

function refusal(receiver: ReceiverWire | null): ReceiverRefusal | null {
  if (receiver === null) return 'no such receiver';
  return receiver.from === 'page' ? null : 'of the file';
}

const GIVE_UP = `
  update delivery set state = 'dead', done_at = clock_timestamp(), next_try_at = null,
    message = 'Its receiver was removed.'
  where workspace_id = $1 and receiver = $2 and state = 'waiting'`;

/** What a test says: an alert that nothing fired. */
function testOf(receiver: string, now: number) {
  const alert: Omit<GroupMember, 'status'> & { readonly status: 'firing' } = {
    ...{ fingerprint: '0000000000000000', firing: 1, status: 'firing', told: null, newsAt: now },
    labels: { alertname: 'Test', severity: 'none' },
    annotations: { summary: `A test of ${receiver}`, description: 'Somebody asked for it; nothing is wrong.' },
    ...{ startsAt: now, endsAt: null, path: '/alerts' },
  };
  const group: NotificationGroup = {
    ...{ key: `{receiver=${JSON.stringify(receiver)}}:test`, labels: { alertname: 'Test' }, toldAt: null },
    members: [alert],
  };
  return { group, notification: { reason: 'test', status: 'firing', alerts: [alert], truncated: 0 } as const };
}
