import type { Pool } from 'pg';
import type { FlowStop } from '../../model/flow-wire.ts';
import { type Micros, microsToRfc3339 } from '../../model/time.ts';
import { readTopicName } from '../../model/topic-name.ts';
import { microsFromSql, microsSql, microsToSql, timeSql } from '../sql-time.ts';
import { STILL_MISSING } from '../stalls/still-missing.ts';

/** Most steps at which traces stopped that one map shows, those with most traces first. */
const MOST_STOPS = 200;

/** An edge on which traces stopped: the step that did not make the service act. */
export interface StoppedEdge extends FlowStop {
  readonly topicFamily: string;
  /** Who usually sends what is missing, or is declared to; null when nobody knows. */
  readonly service: string | null;
  readonly eventType: string;
}

interface StopRow {
  topic: string;
  service: string | null;
  event_type: string;
  since_us: string;
  traces: number;
}

/** Where traces have stopped before an instant and stand still now, with since when the first of them does. */
export async function readStops(pool: Pool, workspaceId: number, before: Micros): Promise<readonly StoppedEdge[]> {
  const { rows } = await pool.query<StopRow>(STOPS, [workspaceId, microsToSql(before)]);
  return rows.map(({ topic, service, event_type, since_us, traces }) => ({
    topicFamily: readTopicName(topic).family,
    service,
    eventType: event_type,
    since: microsToRfc3339(microsFromSql(since_us)),
    traces,
  }));
}

/** Two stops of one edge as one. */
export function bothStops(a: FlowStop | undefined, { since, traces }: FlowStop): FlowStop {
  if (a === undefined) return { since, traces };
  return { since: a.since < since ? a.since : since, traces: a.traces + traces };
}

// Whoever is declared to send the missing event, else whoever mostly did.
const STOPS = `
  with stopped as (
    select s.incarnation_id, s.type_id, s.missing_type_id, s.service, min(s.since) as since, count(*)::int as traces
    from stall s join trace t on t.trace_key = s.trace_key and ${STILL_MISSING}
    where s.workspace_id = $1 and s.since < ${timeSql('$2')}
    group by 1, 2, 3, 4
  )
  select i.topic, n.label as event_type, ${microsSql('s.since')} as since_us, s.traces,
    coalesce(s.service, (select sn.label from type_maker m join name sn on sn.id = m.service_id
      where m.workspace_id = $1 and m.type_id = s.missing_type_id)) as service
  from stopped s join incarnation i on i.id = s.incarnation_id join name n on n.id = s.type_id
  order by s.traces desc, s.since limit ${MOST_STOPS}`;
