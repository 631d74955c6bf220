import type { AttemptWire, DeliveryWire } from '../../model/delivery-wire.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import type { DeliveryFilter } from '../../ports/deliveries.ts';
import { CURSOR_OFFSET, readCursor, writeCursor } from '../read/cursor.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';
import type { Queryable } from '../transaction.ts';

/** Newest tries of a delivery that are told. */
const ATTEMPTS = 20;

interface Row {
  ordinal: string;
  id: string;
  receiver: string;
  state: DeliveryWire['state'];
  reason: DeliveryWire['reason'];
  status: DeliveryWire['status'];
  group_labels: string;
  alerts: string;
  created_us: string;
  next_us: string | null;
  done_us: string | null;
  message: string | null;
  attempts: number;
}

interface AttemptRow {
  delivery_id: string;
  number: number;
  begun_us: string;
  latency_ms: number | null;
  outcome: AttemptWire['outcome'];
  status: number | null;
  sentence: string;
  excerpt: string | null;
  next_us: string | null;
}

const COLUMNS = `d.ordinal::text, d.id, d.receiver, d.state, d.reason, d.status, d.group_labels, d.alerts,
  ${microsSql('d.created_at')} as created_us, ${microsSql('d.next_try_at')} as next_us,
  ${microsSql('d.done_at')} as done_us, d.message, d.attempts`;

/** One delivery; null for an id that is not known. */
export async function readDelivery(client: Queryable, workspaceId: number, id: string): Promise<DeliveryWire | null> {
  const { rows } = await client.query<Row>(
    `select ${COLUMNS} from delivery d where d.workspace_id = $1 and d.id = $2::uuid`,
    [workspaceId, id],
  );
  return (await withAttempts(client, rows))[0] ?? null;
}

/** A page of deliveries, the newest first, and how many wait and are dead (counted up to 10,000). */
export async function readDeliveries(client: Queryable, workspaceId: number, filter: DeliveryFilter) {
  const { limit, cursor, receiver, state, alert, id } = filter;
  const [below = null] = cursor === undefined ? [] : readCursor('deliveries', cursor, [CURSOR_OFFSET]);
  const given: unknown[] = [workspaceId, limit + 1];
  const conditions = ['d.workspace_id = $1'];
  const add = (condition: (place: string) => string, value: unknown) => {
    if (value === undefined || value === null) return;
    given.push(value);
    conditions.push(condition(`$${given.length}`));
  };
  add((place) => `d.ordinal < ${place}::bigint`, below);
  add((place) => `d.receiver = ${place}`, receiver);
  add((place) => `d.state = ${place}`, state);
  add((place) => `d.fingerprints @> array[${place}]`, alert);
  add((place) => `d.id = ${place}::uuid`, id);
  const { rows } = await client.query<Row>(
    `select ${COLUMNS} from delivery d where ${conditions.join(' and ')} order by d.ordinal desc limit $2`,
    given,
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const { rows: counts } = await client.query<{ waiting: number; dead: number }>(COUNTS, [
    workspaceId,
    receiver ?? null,
  ]);
  return {
    deliveries: await withAttempts(client, page),
    nextCursor: last === undefined ? null : writeCursor('deliveries', [last.ordinal]),
    waiting: counts[0]?.waiting ?? 0,
    dead: counts[0]?.dead ?? 0,
  };
}

const counted = (state: string) => `
  (select count(*)::int from (select from delivery where workspace_id = $1 and state = '${state}'
     and ($2::text is null or receiver = $2) limit 10000) c) as ${state}`;

const COUNTS = `select ${counted('waiting')}, ${counted('dead')}`;

async function withAttempts(client: Queryable, rows: readonly Row[]): Promise<DeliveryWire[]> {
  if (rows.length === 0) return [];
  const { rows: tries } = await client.query<AttemptRow>(TRIES, [rows.map(({ id }) => id), ATTEMPTS]);
  return rows.map((row) => ({
    id: row.id,
    receiver: row.receiver,
    state: row.state,
    reason: row.reason,
    status: row.status,
    group_labels: JSON.parse(row.group_labels),
    alerts: JSON.parse(row.alerts),
    created_at: instant(row.created_us),
    next_try_at: row.next_us === null ? null : instant(row.next_us),
    done_at: row.done_us === null ? null : instant(row.done_us),
    message: row.message,
    attempt_count: row.attempts,
    attempts: tries.filter((each) => each.delivery_id === row.id).map(attemptWire),
  }));
}

const TRIES = `
  select a.* from unnest($1::uuid[]) as of (id) cross join lateral (
    select delivery_id, number, ${microsSql('begun_at')} as begun_us, latency_ms, outcome, status, sentence, excerpt,
      ${microsSql('next_try_at')} as next_us
    from delivery_attempt where delivery_id = of.id order by number desc limit $2) a
  order by a.number desc`;

function attemptWire(row: AttemptRow): AttemptWire {
  return {
    number: row.number,
    at: instant(row.begun_us),
    latency_ms: row.latency_ms,
    outcome: row.outcome,
    status: row.status,
    sentence: row.sentence,
    excerpt: row.excerpt,
    next_try_at: row.next_us === null ? null : instant(row.next_us),
  };
}

function instant(us: string): string {
  return microsToRfc3339(microsFromSql(us));
}
