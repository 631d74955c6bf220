import type { AlertNotice } from '../../model/alert-notice.ts';
import type { DeliveryWire } from '../../model/delivery-wire.ts';
import type { Notification, ToldAlert } from '../../model/notification.ts';
import { DELIVER_TASK } from '../../ports/deliveries.ts';
import { storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';
import { ADD_JOB, deliveryKey, queueOf } from './add-job.ts';

/** Of the name of a receiver that is not there, in UTF-16 units. */
const LONGEST_NAME = 64;

/** What is stored of a notification that is to be sent. */
export interface NewDelivery {
  readonly receiver: string;
  /** Null for a test. */
  readonly groupId: string | null;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly notification: Notification;
  readonly body: string;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * Stores a delivery and queues it, in one transaction; it waits behind earlier ones of its group, which are tried now,
 * because there is news for their receiver. For a receiver that is disabled it is dead from the begin, except a test.
 * @returns its id
 */
export async function insertDelivery(client: Queryable, workspaceId: number, made: NewDelivery): Promise<string> {
  const { receiver, groupId, notification } = made;
  const { rows } = await client.query<{ id: string; state: string; waits: boolean }>(INSERT, [
    ...[workspaceId, receiver, groupId, notification.reason, notification.status, JSON.stringify(made.groupLabels)],
    ...[JSON.stringify(notification.alerts.map(alertWire)), notification.alerts.map((each) => each.fingerprint)],
    ...[made.body, notification.reason === 'test'],
  ]);
  const [row] = rows;
  if (row === undefined) throw new Error('a delivery was inserted and is not there');
  if (row.state !== 'waiting') return row.id;
  if (row.waits) await hurry(client, groupId, made.now);
  else await client.query(ADD_JOB, [DELIVER_TASK, row.id, queueOf(receiver), null, deliveryKey(row.id)]);
  return row.id;
}

// The first that waits is locked: whoever is ending it gives the turn to what it sees waiting behind. Either it has ended
// and is none to wait for any more, or it ends once this one is there to be seen.
const INSERT = `
  with receiver as (select disabled_at from receiver where workspace_id = $1 and name = $2),
  waiting as (
    select from delivery where group_id = $3::uuid and state = 'waiting' order by ordinal limit 1 for update)
  insert into delivery (workspace_id, receiver, group_id, reason, status, group_labels, alerts, fingerprints, body,
    insists, state, next_try_at, done_at, message)
  select $1, $2, $3::uuid, $4, $5, $6, $7, $8, $9, $10, case when dead then 'dead' else 'waiting' end,
    case when not dead and not exists (select from waiting) then clock_timestamp() end,
    case when dead then clock_timestamp() end,
    case when dead then 'The receiver is disabled: it answered that it wants nothing any more.' end
  from (select not $10 and exists (select from receiver where disabled_at is not null) as dead) d
  returning id, state, exists (select from waiting) as waits`;

/** Tries the delivery now that others of the group wait for, unless its receiver asked for patience. */
async function hurry(client: Queryable, groupId: string | null, now: number): Promise<void> {
  const { rows } = await client.query<{ id: string; receiver: string; at: number }>(HURRY, [groupId]);
  for (const { id, receiver, at } of rows) {
    await client.query(ADD_JOB, [DELIVER_TASK, id, queueOf(receiver), Math.max(at, now), deliveryKey(id)]);
  }
}

const HURRY = `
  update delivery set next_try_at = greatest(clock_timestamp(), not_before)
  where group_id = $1::uuid and state = 'waiting' and next_try_at > clock_timestamp()
  returning id, receiver, extract(epoch from next_try_at)::float8 * 1000 as at`;

/** Stores, as dead, what was to be told to a receiver that is not there: it is seen on the page. */
export async function insertUndeliverable(
  client: Queryable,
  workspaceId: number,
  receiver: string,
  { receivers: _, status, ...alert }: AlertNotice,
): Promise<void> {
  if (status === 'withheld') return;
  await client.query(UNDELIVERABLE, [
    ...[workspaceId, storableText(receiver, LONGEST_NAME), status],
    ...[JSON.stringify([alertWire({ ...alert, status })]), [alert.fingerprint]],
  ]);
}

const UNDELIVERABLE = `
  insert into delivery (workspace_id, receiver, reason, status, group_labels, alerts, fingerprints, body, state, done_at,
    message)
  values ($1, $2, 'first', $3, '{}', $4, $5, '', 'dead', clock_timestamp(), 'There is no receiver of this name.')`;

function alertWire({ fingerprint, firing, status, labels }: ToldAlert): DeliveryWire['alerts'][number] {
  return { fingerprint, name: labels.alertname ?? '', firing, status };
}
