import { MAY_NOT_READ } from '../../ports/source.ts';
import type { Queryable } from '../transaction.ts';

/** How far the topics are read on which an event type appears. */
export interface UpTo {
  /**
   * How long ago the last instant was up to which every partition is read that may hold the type; of a type that nobody
   * has seen that is every partition that the tap may read. Infinite while it is not known of one of them.
   */
  behindUs(typeId: number | null): number;
}

interface TopicRow {
  readonly id: number;
  readonly may_read: boolean;
  readonly behind_us: number | null;
}

/** Reads one row per topic and per known producer: once for a look, not once for a trace. */
export async function readUpTo(client: Queryable, workspaceId: number): Promise<UpTo> {
  const { rows: topics } = await client.query<TopicRow>(TOPICS, [workspaceId, MAY_NOT_READ]);
  const { rows: makers } = await client.query<{ type_id: number; incarnation_ids: readonly number[] }>(
    'select type_id, incarnation_ids from type_maker where workspace_id = $1',
    [workspaceId],
  );
  const behind = new Map(topics.map((topic) => [topic.id, behindOf(topic)]));
  const topicsOf = new Map(makers.map((row) => [row.type_id, row.incarnation_ids]));
  const everywhere = Math.max(0, ...topics.filter(({ may_read }) => may_read).map(behindOf));
  return {
    behindUs(typeId) {
      // A topic that is gone holds nothing that is still to be read.
      const live = (typeId === null ? [] : (topicsOf.get(typeId) ?? [])).filter((id) => behind.has(id));
      return live.length === 0 ? everywhere : Math.max(...live.map((id) => behind.get(id) ?? 0));
    },
  };
}

function behindOf({ behind_us }: TopicRow): number {
  return behind_us ?? Number.POSITIVE_INFINITY;
}

// An idle partition is read up to the last round of watch that saw no end beyond what is read: the tap's own samples of it
// are half a minute apart. A record from the future says nothing of how far its partition is read.
const TOPICS = `
  with round as (
    select c.id as cluster_id, w.again_began_at, w.failed_topics from cluster c cross join lateral (
      select again_began_at, failed_topics from watch_round
      where cluster_id = c.id and failure is null and stored_day >= (now() at time zone 'utc')::date - 1
      order by id desc limit 1
    ) w where c.workspace_id = $1
  ), places as (
    select p.incarnation_id, greatest(p.all_read_at, case when p.last_recorded_at <= now() then p.last_recorded_at end,
      case when p.next_offset >= w.high and not i.id = any(r.failed_topics) then r.again_began_at end) as read_to
    from partition_state p join incarnation i on i.id = p.incarnation_id
    left join watermark w using (incarnation_id, partition)
    left join round r on r.cluster_id = i.cluster_id
    where i.workspace_id = $1 and i.gone_at is null
  )
  select i.id, i.unreadable is distinct from $2 as may_read,
    case when i.unreadable is null and bool_and(p.read_to is not null)
      then (extract(epoch from now() - min(p.read_to)) * 1000000)::float8 end as behind_us
  from places p join incarnation i on i.id = p.incarnation_id
  group by i.id, i.unreadable`;
