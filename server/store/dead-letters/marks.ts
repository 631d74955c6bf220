import type { Pool } from 'pg';
import type { QueueNames } from '../../model/dead-letter-queue.ts';
import type { MarkWire } from '../../model/dead-letter-wire.ts';
import { parseRecordId } from '../../model/record.ts';
import { micros, microsToRfc3339 } from '../../model/time.ts';
import type { DeadLetterMark } from '../../ports/dead-letters.ts';
import { microsSql } from '../sql-time.ts';
import { storableText } from '../storable-text.ts';
import { inTransaction, type Queryable } from '../transaction.ts';
import { type KnownQueue, readKnownQueues } from './known-queues.ts';
import { QUEUE_TARGET, reasonTarget, recordTarget } from './mark-targets.ts';
import { resolveQueue, takeBackResolved } from './resolve-queue.ts';

/** Longest note, in UTF-16 units. */
const LONGEST_NOTE = 2_000;

interface MarkRow {
  readonly incarnation_id: number;
  readonly target: string;
  readonly state: 'new' | 'acknowledged' | 'resolved';
  readonly since_us: string;
  readonly note: string | null;
  readonly is_back: boolean;
}

/** The mark on something; null for none. */
export type MarkOf = (incarnationId: number, target: string) => MarkWire | null;

/**
 * What was said of some targets of some queues. What is resolved is back when dead letters were stored since: the times of
 * records say nothing of that, as one that comes late bears an older one.
 */
export async function readMarks(
  client: Queryable,
  incarnationIds: readonly number[],
  targets: readonly string[],
): Promise<MarkOf> {
  const { rows } = await client.query<MarkRow>(SELECT, [incarnationIds, targets, QUEUE_TARGET, reasonTarget('')]);
  const found = new Map(rows.map((row) => [`${row.incarnation_id} ${row.target}`, row]));
  return (incarnationId, target) => {
    const row = found.get(`${incarnationId} ${target}`);
    if (row === undefined) return null;
    const since = microsToRfc3339(micros(Number(row.since_us)));
    return { state: row.is_back ? 'back' : row.state, since, note: row.note };
  };
}

const STORED_SINCE = `d.stored_at > m.since and d.stored_day >= (m.since at time zone 'utc')::date`;

// Records of a partition are stored in the order of their offsets, so the newest of each tells for a queue.
const SELECT = `
  select incarnation_id, target, state, ${microsSql('since')} as since_us, note, state = 'resolved' and case
    when target = $3 then exists (
      select from partition_state p cross join lateral (
        select stored_at, stored_day from dead_letter d
        where d.incarnation_id = p.incarnation_id and d.partition = p.partition order by d."offset" desc limit 1
      ) d where p.incarnation_id = m.incarnation_id and ${STORED_SINCE})
    when starts_with(target, $4) then exists (
      select from dead_letter_group g join dead_letter d on d.group_key = g.key
      where g.incarnation_id = m.incarnation_id and g.reason_key = substr(target, length($4) + 1)::uuid and ${STORED_SINCE})
    else false end as is_back
  from dead_letter_mark m where incarnation_id = any($1::int[]) and target = any($2::text[])`;

/** Writes what somebody says; false where there is no such queue, group or record. */
export async function writeMark(
  pool: Pool,
  { workspaceId, names }: { readonly workspaceId: number; readonly names: QueueNames },
  { topic, reason, record, state, note }: DeadLetterMark,
): Promise<boolean> {
  const text = note === undefined ? null : storableText(note, LONGEST_NOTE);
  if (record !== undefined) {
    const place = parseRecordId(record);
    if (place === null || place.topic !== topic) return false;
    const { cluster, n, partition, offset } = place;
    const values = [
      workspaceId,
      cluster,
      topic,
      n,
      partition,
      offset.toString(),
      recordTarget(partition, offset),
      state,
      text,
    ];
    return ((await pool.query(MARK_RECORD, values)).rowCount ?? 0) > 0;
  }
  const queues = await readKnownQueues(pool, workspaceId, names, topic);
  if (reason === undefined) {
    await inTransaction(pool, (client) => markQueues(client, workspaceId, queues, { state, note: text }));
    return queues.length > 0;
  }
  const values = [workspaceId, idsOf(queues), reasonTarget(reason), state, text, reason];
  return ((await pool.query(MARK_REASON, values)).rowCount ?? 0) > 0;
}

/** A queue that is resolved is so for its alerts too; opened again it counts for them again. */
async function markQueues(
  client: Queryable,
  workspaceId: number,
  queues: readonly KnownQueue[],
  { state, note }: { readonly state: DeadLetterMark['state']; readonly note: string | null },
): Promise<void> {
  if (state === 'resolved') {
    for (const { cluster, topic } of queues) {
      await resolveQueue(client, { workspaceId, cluster, topic, author: '', note });
    }
    return;
  }
  if (state === 'new') await takeBackResolved(client, idsOf(queues));
  await client.query(MARK_QUEUES, [workspaceId, idsOf(queues), QUEUE_TARGET, state, note]);
}

function idsOf(queues: readonly KnownQueue[]): number[] {
  return queues.map(({ incarnationId }) => incarnationId);
}

const KEEP = `on conflict (incarnation_id, target) do update set state = excluded.state, since = excluded.since,
    note = coalesce(excluded.note, dead_letter_mark.note)`;

const MARK_QUEUES = `
  insert into dead_letter_mark (incarnation_id, target, workspace_id, state, since, note)
  select id, $3, $1::smallint, $4, now(), $5 from unnest($2::int[]) as q(id) ${KEEP}`;

const MARK_REASON = `
  insert into dead_letter_mark (incarnation_id, target, workspace_id, state, since, note)
  select distinct g.incarnation_id, $3, $1::smallint, $4, now(), $5::text from dead_letter_group g
  where g.incarnation_id = any($2::int[]) and g.reason_key = $6::uuid ${KEEP}`;

const MARK_RECORD = `
  insert into dead_letter_mark (incarnation_id, target, workspace_id, state, since, note)
  select d.incarnation_id, $7, $1::smallint, $8, now(), $9
  from incarnation i join cluster c on c.id = i.cluster_id
  join dead_letter d on d.incarnation_id = i.id and d.partition = $5 and d."offset" = $6
  where i.workspace_id = $1 and c.kafka_id = $2 and i.topic = $3 and i.n = $4 ${KEEP}`;
