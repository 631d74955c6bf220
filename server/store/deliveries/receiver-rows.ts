import type { ReceiverWire } from '../../model/delivery-wire.ts';
import type { Receiver, SecretPlace } from '../../model/receiver.ts';
import { shownAddress } from '../../model/receiver-url.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

/** Writes a receiver whole, in the place of one of the same name. It is enabled when its address is another one. */
export async function writeReceiver(
  client: Queryable,
  workspaceId: number,
  receiver: Receiver,
  fromFile: boolean,
): Promise<void> {
  const [url, urlPlace] = apart(receiver.url);
  const [secret, secretPlace] = apart(receiver.secret);
  await client.query(WRITE, [
    ...[workspaceId, receiver.name, receiver.kind, fromFile, url, urlPlace, secret, secretPlace],
    ...[JSON.stringify(receiver.headers), receiver.groupBy, receiver.groupWaitMs, receiver.groupIntervalMs],
    ...[receiver.repeatIntervalMs, receiver.sendResolved],
  ]);
}

/** A value that is ours to keep, or where it stands. */
function apart(value: string | SecretPlace | null): [string | null, string | null] {
  if (value === null || typeof value === 'string') return [value, null];
  return [null, JSON.stringify(value)];
}

const SAME_ADDRESS = `receiver.url is not distinct from excluded.url
      and receiver.url_place is not distinct from excluded.url_place`;

const WRITE = `
  insert into receiver (workspace_id, name, kind, from_file, url, url_place, secret, secret_place, headers, group_by,
    group_wait_ms, group_interval_ms, repeat_interval_ms, send_resolved)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  on conflict (workspace_id, name) do update set kind = excluded.kind, from_file = excluded.from_file, url = excluded.url,
    url_place = excluded.url_place, secret = excluded.secret, secret_place = excluded.secret_place,
    headers = excluded.headers, group_by = excluded.group_by, group_wait_ms = excluded.group_wait_ms,
    group_interval_ms = excluded.group_interval_ms, repeat_interval_ms = excluded.repeat_interval_ms,
    send_resolved = excluded.send_resolved, changed_at = clock_timestamp(),
    disabled_at = case when ${SAME_ADDRESS} then receiver.disabled_at end,
    disabled_because = case when ${SAME_ADDRESS} then receiver.disabled_because end`;

interface Row {
  name: string;
  kind: ReceiverWire['kind'];
  from_file: boolean;
  url: string | null;
  secret_set: boolean;
  secret_place: string | null;
  headers: string;
  group_by: string[];
  group_wait_ms: number;
  group_interval_ms: number;
  repeat_interval_ms: number;
  send_resolved: boolean;
  disabled_us: string | null;
  disabled_because: string | null;
  waiting: number;
  dead: number;
  delivered_us: string | null;
}

/** Receivers as the API tells them, by name; of all, or the one asked for. Secrets do not leave the database. */
export async function readReceivers(client: Queryable, workspaceId: number, name?: string): Promise<ReceiverWire[]> {
  const { rows } = await client.query<Row>(READ, [workspaceId, name ?? null]);
  return rows.map(toWire);
}

const READ = `
  select name, kind, from_file, url, secret is not null as secret_set, secret_place, headers, group_by,
    group_wait_ms::float8, group_interval_ms::float8, repeat_interval_ms::float8, send_resolved,
    ${microsSql('disabled_at')} as disabled_us, disabled_because,
    (select count(*)::int from (select from delivery d
      where d.workspace_id = $1 and d.receiver = r.name and d.state = 'waiting' limit 10000) w) as waiting,
    (select count(*)::int from (select from delivery d
      where d.workspace_id = $1 and d.receiver = r.name and d.state = 'dead' limit 10000) w) as dead,
    (select ${microsSql('d.done_at')} from delivery d
      where d.workspace_id = $1 and d.receiver = r.name and d.state = 'delivered' order by d.ordinal desc limit 1)
      as delivered_us
  from receiver r where workspace_id = $1 and ($2::text is null or name = $2) order by name`;

function toWire(row: Row): ReceiverWire {
  const place: SecretPlace | null = row.secret_place === null ? null : JSON.parse(row.secret_place);
  return {
    name: row.name,
    kind: row.kind,
    from: row.from_file ? 'throughline.yaml' : 'page',
    address: row.url === null ? null : shownAddress(row.kind, row.url),
    headers: Object.keys(JSON.parse(row.headers)),
    secret: place?.from ?? (row.secret_set ? 'page' : null),
    group_by: row.group_by,
    group_wait_ms: row.group_wait_ms,
    group_interval_ms: row.group_interval_ms,
    repeat_interval_ms: row.repeat_interval_ms,
    send_resolved: row.send_resolved,
    disabled: row.disabled_us === null ? null : { since: instant(row.disabled_us), reason: row.disabled_because ?? '' },
    waiting: row.waiting,
    dead: row.dead,
    last_delivered_at: row.delivered_us === null ? null : instant(row.delivered_us),
  };
}

function instant(us: string): string {
  return microsToRfc3339(microsFromSql(us));
}
