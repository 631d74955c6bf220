import type { Pool } from 'pg';
import type { ReceiverKind } from '../../model/delivery-wire.ts';
import type { SecretPlace } from '../../model/receiver.ts';
import { DELIVER_TASK, type DeliveryNote, type DeliveryStore, type DeliveryTry } from '../../ports/deliveries.ts';
import { ADD_JOB, deliveryKey, queueOf } from '../notices/add-job.ts';
import { storableText } from '../storable-text.ts';
import { inTransaction, type Queryable } from '../transaction.ts';

const LONGEST_SENTENCE = 500;
const LONGEST_EXCERPT = 1_000;

/** Sending, on PostgreSQL: each call is a transaction, and what follows from it is queued in it. */
export function createDeliveryStore({ pool }: { readonly pool: Pool }): DeliveryStore {
  return {
    begin: (id) => inTransaction(pool, (client) => begin(client, id)),
    note: (delivery, note) => inTransaction(pool, (client) => noteTry(client, delivery, note)),
  };
}

interface Row {
  id: string;
  group_id: string | null;
  receiver: string;
  body: string;
  attempts: number;
  failures: number;
  insists: boolean;
  behind: boolean;
  kind: ReceiverKind | null;
  disabled: boolean;
  url: string | null;
  url_place: string | null;
  secret: string | null;
  secret_place: string | null;
  headers: string | null;
}

async function begin(client: Queryable, id: string): Promise<DeliveryTry | null> {
  // Locked before the rest is read: whoever holds it may be ending it.
  await client.query('select from delivery where id = $1::uuid for update', [id]);
  const { rows } = await client.query<Row>(READ, [id]);
  const [row] = rows;
  if (row === undefined || row.behind) return null;
  const trouble = troubleOf(row);
  if (row.kind === null || trouble !== null) {
    await client.query(GIVE_UP, [id, trouble]);
    await release(client, row.group_id);
    return null;
  }
  await client.query(LOST, [id]);
  const attempt = row.attempts + 1;
  await client.query('update delivery set attempts = $2 where id = $1::uuid', [id, attempt]);
  await client.query(OPEN, [id, attempt]);
  return {
    ...{ id, attempt, failures: row.failures, body: row.body },
    receiver: {
      ...{ name: row.receiver, kind: row.kind },
      url: row.url ?? placeOf(row.url_place) ?? '',
      secret: row.secret ?? placeOf(row.secret_place),
      headers: JSON.parse(row.headers ?? '{}'),
    },
  };
}

const READ = `
  select d.id, d.group_id, d.receiver, d.body, d.attempts, d.failures, d.insists, r.kind,
    r.disabled_at is not null as disabled, r.url, r.url_place, r.secret, r.secret_place, r.headers,
    exists (select from delivery e where e.group_id = d.group_id and e.state = 'waiting' and e.ordinal < d.ordinal)
      as behind
  from delivery d left join receiver r on r.workspace_id = d.workspace_id and r.name = d.receiver
  where d.id = $1::uuid and d.state = 'waiting'`;

function troubleOf({ kind, disabled, insists, body }: Row): string | null {
  if (kind === null) return 'There is no receiver of this name.';
  if (body === '') return 'It was never written, because there was no receiver of this name.';
  return disabled && !insists ? 'The receiver is disabled: it answered that it wants nothing any more.' : null;
}

// Written by `writeReceiver` and by nobody else.
function placeOf(text: string | null): SecretPlace | null {
  return text === null ? null : (JSON.parse(text) as SecretPlace);
}

const GIVE_UP = `
  update delivery set state = 'dead', done_at = clock_timestamp(), next_try_at = null, message = $2, insists = false
  where id = $1::uuid`;

const LOST = `
  update delivery_attempt set outcome = 'lost',
    sentence = 'The process ended before the answer was noted; sent again under the same id.'
  where delivery_id = $1::uuid and outcome = 'open'`;

const OPEN = `
  insert into delivery_attempt (delivery_id, number, outcome, sentence) values ($1, $2, 'open', 'Under way.')`;

async function noteTry(
  client: Queryable,
  { id, attempt }: Pick<DeliveryTry, 'id' | 'attempt'>,
  note: DeliveryNote,
): Promise<void> {
  const sentence = storableText(note.sentence, LONGEST_SENTENCE);
  await client.query(ATTEMPT, [
    ...[id, attempt, note.latencyMs, note.outcome, note.status, sentence],
    ...[note.excerpt === null ? null : storableText(note.excerpt, LONGEST_EXCERPT), note.nextTryAt],
  ]);
  const { rows } = await client.query<{ receiver: string; group_id: string | null; workspace_id: number }>(DELIVERY, [
    ...[id, stateAfter(note), note.nextTryAt, note.asked, note.outcome === 'delivered' ? null : sentence],
    note.outcome === 'lost' ? 0 : 1,
  ]);
  const [row] = rows;
  // Another process was quicker: it was taken for dead, and its delivery for lost.
  if (row === undefined) return;
  if (note.outcome === 'delivered') await client.query(ENABLE, [row.workspace_id, row.receiver]);
  if (note.gone) await client.query(DISABLE, [row.workspace_id, row.receiver, sentence]);
  if (note.nextTryAt === null) await release(client, row.group_id);
  else await client.query(ADD_JOB, [DELIVER_TASK, id, queueOf(row.receiver), note.nextTryAt, deliveryKey(id)]);
}

function stateAfter({ outcome, nextTryAt }: DeliveryNote): string {
  if (outcome === 'delivered') return 'delivered';
  return nextTryAt === null ? 'dead' : 'waiting';
}

const ATTEMPT = `
  update delivery_attempt set latency_ms = $3, outcome = $4, status = $5, sentence = $6, excerpt = $7,
    next_try_at = to_timestamp($8::float8 / 1000)
  where delivery_id = $1::uuid and number = $2`;

const DELIVERY = `
  update delivery set state = $2, next_try_at = to_timestamp($3::float8 / 1000),
    not_before = case when $4 then to_timestamp($3::float8 / 1000) end,
    done_at = case when $2 <> 'waiting' then clock_timestamp() end, message = $5, failures = failures + $6,
    insists = insists and $2 = 'waiting'
  where id = $1::uuid and state = 'waiting' returning receiver, group_id, workspace_id`;

const ENABLE = `
  update receiver set disabled_at = null, disabled_because = null
  where workspace_id = $1 and name = $2 and disabled_at is not null`;

const DISABLE = `
  update receiver set disabled_at = clock_timestamp(), disabled_because = $3
  where workspace_id = $1 and name = $2 and disabled_at is null`;

/** The next delivery of a group has its turn. */
async function release(client: Queryable, groupId: string | null): Promise<void> {
  const { rows } = await client.query<{ id: string; receiver: string }>(RELEASE, [groupId]);
  for (const { id, receiver } of rows) {
    await client.query(ADD_JOB, [DELIVER_TASK, id, queueOf(receiver), null, deliveryKey(id)]);
  }
}

const RELEASE = `
  update delivery set next_try_at = clock_timestamp()
  where id = (select id from delivery where group_id = $1::uuid and state = 'waiting' order by ordinal limit 1)
  returning id, receiver`;
