import type { Pool } from 'pg';
import type { QueueNames } from '../../model/dead-letter-queue.ts';
import type { QueueReading } from '../../model/queue-reading.ts';
import { MOST_QUEUES, readKnownQueues } from '../dead-letters/known-queues.ts';
import { msSql } from './alert-rows.ts';

const MOST_MARKS = 200_000;

interface MarkRow {
  readonly topic: string;
  readonly cluster: string;
  readonly life: number;
  readonly partition: number;
  readonly low: number;
  readonly high: number;
  readonly was: number | null;
  readonly at: number;
}

/**
 * The queues that count as they are known now, with their ends as they were at an instant from `from` on; both in epoch ms.
 * What groups that work them off had committed then is not kept.
 */
export async function readPastQueues(
  pool: Pick<Pool, 'query'>,
  workspaceId: number,
  names: QueueNames,
  from: number,
): Promise<(now: number) => readonly QueueReading[]> {
  const known = await readKnownQueues(pool, workspaceId, names);
  const counted = known.filter(({ kind }) => kind === 'dead letter').slice(0, MOST_QUEUES);
  const { rows } = await pool.query<MarkRow>(MARKS, [counted.map(({ incarnationId }) => incarnationId), from]);
  const places = new Map<string, MarkRow[]>();
  for (const row of rows) {
    const key = `${row.life}/${row.partition}`;
    const list = places.get(key);
    if (list === undefined) places.set(key, [row]);
    else list.push(row);
  }
  return (now) => {
    const queues = new Map<number, { topic: string; cluster: string; partitions: ReturnType<typeof seenAt>[] }>();
    for (const list of places.values()) {
      const [first] = list;
      if (first === undefined) continue;
      const queue = queues.get(first.life) ?? { topic: first.topic, cluster: first.cluster, partitions: [] };
      queue.partitions.push(seenAt(first, list, now));
      queues.set(first.life, queue);
    }
    return [...queues].map(([life, queue]) => ({ ...queue, life, lookedAt: now, oldestAt: null, triageGroups: [] }));
  };
}

/** Before its first move a partition was as that says it was. */
function seenAt(first: MarkRow, list: readonly MarkRow[], now: number) {
  const last = list.findLast(({ at }) => at <= now);
  const high = last?.high ?? first.was ?? first.high;
  return { partition: first.partition, low: Math.min(high, (last ?? first).low), high, triaged: null };
}

// What moved in the range, and how it stands now; what did not move is only the latter.
const MARKS = `
  with queue as (
    select i.id, i.topic, c.kafka_id as cluster from incarnation i join cluster c on c.id = i.cluster_id
    where i.id = any($1::int[])
  )
  select q.topic, q.cluster, q.id as life, m.partition, m.low::float8, m.high::float8, m.was_high::float8 as was,
    ${msSql('m.moved_at')} as at
  from queue q cross join lateral (
    select partition, low, high, was_high, moved_at from watermark_change w
    where w.incarnation_id = q.id and w.stored_day >= (to_timestamp($2::float8 / 1000) at time zone 'utc')::date
      and w.moved_at >= to_timestamp($2::float8 / 1000)
    union all
    select partition, low, high, was_high, moved_at from watermark w where w.incarnation_id = q.id
  ) m order by m.moved_at limit ${MOST_MARKS}`;
