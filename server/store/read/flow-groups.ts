import type { Pool } from 'pg';
import type { FlowGroup } from '../../model/flow-wire.ts';
import { readTopicName } from '../../model/topic-name.ts';

interface GroupRow {
  group: string;
  topic: string;
  members: number | null;
  lag: string | null;
}

/** Most groups on one map. */
const MOST_GROUPS = 2_000;

/** Consumer groups but the tap's own, with the topics on which they have committed. A family of topics counts as one. */
export async function readFlowGroups(pool: Pool, workspaceId: number): Promise<readonly FlowGroup[]> {
  const { rows } = await pool.query<GroupRow>(SELECT, [workspaceId]);
  const groups = new Map<string, FlowGroup>();
  for (const { group, topic, members, lag } of rows) {
    const node = `topic:${readTopicName(topic).family}`;
    const key = `${group}\0${node}`;
    const known = groups.get(key);
    groups.set(key, {
      group,
      topic: node,
      service: null,
      members,
      lag: known === undefined ? lag : plus(known.lag, lag),
    });
  }
  return [...groups.values()];
}

function plus(a: string | null, b: string | null): string | null {
  return a === null || b === null ? null : String(BigInt(a) + BigInt(b));
}

const SELECT = `
  select g.label as "group", i.topic, g.member_count as members,
    case when bool_and(w.high is not null) then sum(greatest(w.high - greatest(o.committed, w.low), 0))::text end as lag
  from consumer_group g
  join committed_offset o on o.group_id = g.id and o.committed is not null
  join incarnation i on i.id = o.incarnation_id and i.gone_at is null
  left join watermark w using (incarnation_id, partition)
  where g.workspace_id = $1 and g.gone_at is null and not g.own
  group by g.label, i.topic, g.member_count order by g.label, i.topic limit ${MOST_GROUPS}`;
