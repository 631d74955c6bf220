import type { Queryable } from '../transaction.ts';

/** How far the topics are read on which an event type appears. */
export interface UpTo {
  /**
   * How long ago the last instant was up to which every partition is read that may hold the type; of a type that nobody
   * has seen that is every partition. Infinite while it is not known of one of them.
   */
  behindUs(typeId: number | null): number;
}

interface TopicRow {
  readonly id: number;
  readonly behind_us: number | null;
}

/** Reads one row per topic and per known producer: once for a look, not once for a trace. */
export async function readUpTo(client: Queryable, workspaceId: number): Promise<UpTo> {
  const { rows: topics } = await client.query<TopicRow>(TOPICS, [workspaceId]);
  const { rows: makers } = await client.query<{ type_id: number; incarnation_ids: readonly number[] }>(
    'select type_id, incarnation_ids from type_maker where workspace_id = $1',
    [workspaceId],
  );
  const behind = new Map(topics.map(({ id, behind_us }) => [id, behind_us ?? Number.POSITIVE_INFINITY]));
  const topicsOf = new Map(makers.map((row) => [row.type_id, row.incarnation_ids]));
  const everywhere = Math.max(0, ...behind.values());
  return {
    behindUs(typeId) {
      // A topic that is gone holds nothing that is still to be read.
      const live = (typeId === null ? [] : (topicsOf.get(typeId) ?? [])).filter((id) => behind.has(id));
      return live.length === 0 ? everywhere : Math.max(...live.map((id) => behind.get(id) ?? 0));
    },
  };
}

// A record from the future says nothing of how far its partition is read.
const TOPICS = `
  select i.id, case when i.unreadable is null and bool_and(p.read_to is not null)
    then (extract(epoch from now() - min(p.read_to)) * 1000000)::float8 end as behind_us
  from incarnation i
  join (
    select incarnation_id,
      greatest(all_read_at, case when last_recorded_at <= now() then last_recorded_at end) as read_to
    from partition_state
  ) p on p.incarnation_id = i.id
  where i.workspace_id = $1 and i.gone_at is null
  group by i.id, i.unreadable`;
