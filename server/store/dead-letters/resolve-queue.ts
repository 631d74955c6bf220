import { msSql } from '../alerts/alert-rows.ts';
import type { Queryable } from '../transaction.ts';
import { QUEUE_TARGET } from './mark-targets.ts';
import { seenEndsSql } from './seen-ends.ts';

/** Who says that a queue is resolved, and why; texts that can be stored. */
interface Said {
  readonly workspaceId: number;
  readonly topic: string;
  /** Kafka's cluster id; null for any that has such a topic, one where it lives before others. */
  readonly cluster: string | null;
  /** Empty where nobody gave a name. */
  readonly author: string;
  readonly note: string | null;
}

/** Where a queue was marked, epoch ms, and the ends of its partitions at that time. */
export interface ResolvedQueue {
  readonly cluster: string;
  readonly at: number;
  readonly offsets: Readonly<Record<string, number>>;
}

/**
 * All that is in a queue now counts as handled: for pages by its mark, for alerts by the ends of its partitions. Null for a
 * topic that nobody knows.
 */
export async function resolveQueue(client: Queryable, said: Said): Promise<ResolvedQueue | null> {
  const { workspaceId, cluster, topic, author, note } = said;
  const { rows } = await client.query<ResolvedQueue>(RESOLVE, [workspaceId, cluster, topic, author, note]);
  return rows[0] ?? null;
}

/** Alerts count again what is in these queues where it was their mark "resolved" that told otherwise. */
export async function takeBackResolved(client: Queryable, incarnationIds: readonly number[]): Promise<void> {
  await client.query(TAKE_BACK, [incarnationIds]);
}

// A topic that is gone has none: what left with it counts as handled.
const RESOLVE = `
  with queue as (
    select distinct on (c.kafka_id) c.kafka_id as cluster, i.id, i.gone_at is null as here
    from incarnation i join cluster c on c.id = i.cluster_id
    where i.workspace_id = $1 and i.topic = $3 and ($2::text is null or c.kafka_id = $2)
    order by c.kafka_id, i.gone_at is null desc, i.n desc
  ), chosen as (select * from queue order by here desc limit 1),
  shown as (
    insert into dead_letter_mark as m (incarnation_id, target, workspace_id, state, since, note)
    select id, '${QUEUE_TARGET}', $1, 'resolved', now(), $5 from chosen
    on conflict (incarnation_id, target) do update set state = excluded.state, since = excluded.since,
      note = coalesce(excluded.note, m.note)
  )
  insert into queue_mark as q (workspace_id, cluster, topic, at, life, offsets, author, note)
  select $1, chosen.cluster, $3, now(), case when here then chosen.id end, coalesce((
      select jsonb_object_agg(partition, high) from (${seenEndsSql('array(select id from chosen where here)')}) e), '{}'), $4, $5
  from chosen
  on conflict (workspace_id, cluster, topic) do update set at = excluded.at, life = excluded.life,
    offsets = excluded.offsets, author = excluded.author, note = excluded.note
  returning cluster, ${msSql('at')} as at, offsets`;

const TAKE_BACK = `
  delete from queue_mark q using dead_letter_mark m, incarnation i, cluster c
  where m.incarnation_id = any($1::int[]) and m.target = '${QUEUE_TARGET}' and m.state = 'resolved'
    and i.id = m.incarnation_id and c.id = i.cluster_id
    and q.workspace_id = i.workspace_id and q.cluster = c.kafka_id and q.topic = i.topic`;
