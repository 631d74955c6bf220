import { hash } from 'node:crypto';
import type { Pool } from 'pg';
import type { AlertNotice } from '../../model/alert-notice.ts';
import type { Addressee, NotificationGroup } from '../../model/notification.ts';
import { NOTIFY_TASK, type NoticeStore, type NotificationRules } from '../../ports/deliveries.ts';
import { LOCKS } from '../locks.ts';
import { inTransaction, type Queryable } from '../transaction.ts';
import { ADD_JOB } from './add-job.ts';
import { insertDelivery, insertUndeliverable } from './insert-delivery.ts';

/** Bounds of one transaction; the rest follows in the next one at once. */
const MOST_NOTICES = 500;
const MOST_DUE = 200;

/** Makes deliveries of notices, on PostgreSQL. */
export function createNoticeStore({
  pool,
  workspaceId,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
}): NoticeStore {
  return { step: (rules) => inTransaction(pool, (client) => step(client, workspaceId, rules)) };
}

interface Work {
  readonly receiver: Addressee;
  readonly group: NotificationGroup;
  readonly notices: readonly AlertNotice[];
}

async function step(client: Queryable, workspaceId: number, rules: NotificationRules): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, $2)', [LOCKS.notices, workspaceId]);
  const now = await clock(client);
  const receivers = await readReceivers(client, workspaceId);
  const notices = await takeNotices(client, workspaceId);
  const places = new Map<string, { receiver: Addressee; group: NotificationGroup; notices: AlertNotice[] }>();
  for (const notice of notices) {
    for (const name of new Set(notice.receivers)) {
      const receiver = receivers.get(name);
      if (receiver === undefined) {
        await insertUndeliverable(client, workspaceId, name, notice);
        continue;
      }
      const { key, labels } = rules.groupOf(receiver, notice.labels);
      const id = groupId(workspaceId, key);
      const place = places.get(id) ?? { receiver, group: { key, labels, toldAt: null, members: [] }, notices: [] };
      place.notices.push(notice);
      places.set(id, place);
    }
  }
  const work = new Map<string, Work>(places);
  for (const { id, receiver: name, group } of await readGroups(client, workspaceId, [...places.keys()], now)) {
    const receiver = receivers.get(name);
    if (receiver !== undefined) work.set(id, { receiver, group, notices: places.get(id)?.notices ?? [] });
    // Its receiver is gone: what goes on is told to nobody any more.
    else await client.query('delete from notification_group where id = $1', [id]);
  }
  for (const [id, each] of work) await settle(client, workspaceId, rules, id, each, now);
  await comeAgain(client, workspaceId, notices.length === MOST_NOTICES, now);
}

async function settle(
  client: Queryable,
  workspaceId: number,
  rules: NotificationRules,
  id: string,
  { receiver, group, notices }: Work,
  now: number,
): Promise<void> {
  const plan = rules.plan(group, notices, receiver, now);
  if (plan.notification !== null) {
    const body = rules.bodyOf(plan.notification, receiver, group);
    await insertDelivery(client, workspaceId, {
      ...{
        receiver: receiver.name,
        groupId: id,
        groupLabels: group.labels,
        notification: plan.notification,
        body,
        now,
      },
    });
  }
  if (plan.group === null) {
    await client.query('delete from notification_group where id = $1', [id]);
    return;
  }
  await client.query(UPSERT, [
    ...[id, workspaceId, receiver.name, group.key, JSON.stringify(group.labels)],
    ...[JSON.stringify(plan.group.members), plan.group.toldAt, plan.dueAt],
  ]);
}

const UPSERT = `
  insert into notification_group (id, workspace_id, receiver, key, labels, members, told_at, due_at)
  values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000))
  on conflict (id) do update set members = excluded.members, told_at = excluded.told_at, due_at = excluded.due_at`;

/** The database's clock, epoch ms: every tap goes by it. */
async function clock(client: Queryable): Promise<number> {
  const { rows } = await client.query<{ now: number }>(
    'select floor(extract(epoch from clock_timestamp()) * 1000)::float8 as now',
  );
  return rows[0]?.now ?? 0;
}

async function takeNotices(client: Queryable, workspaceId: number): Promise<AlertNotice[]> {
  const { rows } = await client.query<{ said: string }>(TAKE, [workspaceId, MOST_NOTICES]);
  // Written by `scheduleNotices` and by nobody else.
  return rows.map(({ said }) => JSON.parse(said) as AlertNotice);
}

const TAKE = `
  with taken as (
    delete from notice where id in (select id from notice where workspace_id = $1 order by id limit $2) returning id, said
  )
  select said from taken order by id`;

async function readReceivers(client: Queryable, workspaceId: number): Promise<ReadonlyMap<string, Addressee>> {
  const { rows } = await client.query<Addressee>(
    `select name, kind, group_by as "groupBy", group_wait_ms::float8 as "groupWaitMs",
       group_interval_ms::float8 as "groupIntervalMs", repeat_interval_ms::float8 as "repeatIntervalMs",
       send_resolved as "sendResolved"
     from receiver where workspace_id = $1`,
    [workspaceId],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

async function readGroups(client: Queryable, workspaceId: number, ids: readonly string[], now: number) {
  const { rows } = await client.query<{
    id: string;
    receiver: string;
    key: string;
    labels: string;
    members: string;
    told_at: number | null;
  }>(GROUPS, [workspaceId, ids, now, MOST_DUE]);
  return rows.map((row) => ({
    id: row.id,
    receiver: row.receiver,
    // Written by `settle` and by nobody else.
    group: {
      key: row.key,
      labels: JSON.parse(row.labels),
      toldAt: row.told_at,
      members: JSON.parse(row.members),
    } satisfies NotificationGroup as NotificationGroup,
  }));
}

const GROUPS = `
  select id, receiver, key, labels, members, floor(extract(epoch from told_at) * 1000)::float8 as told_at
  from notification_group
  where id = any($2::uuid[]) or id in (
    select id from notification_group where workspace_id = $1 and due_at <= to_timestamp($3::float8 / 1000)
    order by due_at limit $4)`;

/** Under a key of its own: news that comes meanwhile wakes the task by another. */
async function comeAgain(client: Queryable, workspaceId: number, atOnce: boolean, now: number): Promise<void> {
  const { rows } = await client.query<{ due: number | null }>(
    'select extract(epoch from min(due_at))::float8 * 1000 as due from notification_group where workspace_id = $1',
    [workspaceId],
  );
  const due = atOnce ? now : (rows[0]?.due ?? null);
  if (due === null) return;
  await client.query(ADD_JOB, [NOTIFY_TASK, String(workspaceId), null, due, `notify ${workspaceId} when due`]);
}

/** The first 16 bytes of a hash, as a UUID: a key may be longer than an index takes. */
function groupId(workspaceId: number, key: string): string {
  const digits = hash('sha256', `${workspaceId}\n${key}`).slice(0, 32);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
