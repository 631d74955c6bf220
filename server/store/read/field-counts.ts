import type { Pool } from 'pg';
import { recordId } from '../../model/record.ts';
import type { FieldCounts, FieldRow } from '../../ports/field-counts.ts';
import { microsFromSql, microsSql, microsToSql, timeSql } from '../sql-time.ts';
import { nameDigest } from '../write/name-ids.ts';

interface CountRow {
  readonly event_type: string;
  readonly service: string | null;
  readonly step: number;
  readonly path: string;
  readonly type_set: number;
  readonly events: string;
  readonly cut_events: string;
  readonly first_us: string;
  readonly last_us: string;
  readonly cluster: string;
  readonly topic: string;
  readonly n: number;
  readonly incarnation_id: number;
  readonly partition: number;
  readonly offset: string;
}

/** The counts of fields on PostgreSQL: sums over writers and over the hours of a step. */
export function createFieldCounts({
  pool,
  workspaceId,
}: {
  pool: Pick<Pool, 'query'>;
  workspaceId: number;
}): FieldCounts {
  return {
    async read({ learnedFrom, from, to, stepUs, eventType }) {
      const { rows } = await pool.query<CountRow>(SUMS, [
        workspaceId,
        microsToSql(learnedFrom),
        microsToSql(from),
        microsToSql(to),
        stepUs,
        eventType === undefined ? null : nameDigest(eventType),
      ]);
      return rows.map(toFieldRow);
    },
  };
}

function toFieldRow(row: CountRow): FieldRow {
  return {
    ...{ eventType: row.event_type, service: row.service, step: row.step, path: row.path, typeSet: row.type_set },
    ...{ events: Number(row.events), cutEvents: Number(row.cut_events) },
    ...{ firstAt: microsFromSql(row.first_us), lastAt: microsFromSql(row.last_us) },
    lastEvent: recordId({ id: row.incarnation_id, ...row }, row.partition, BigInt(row.offset)),
  };
}

// The newest of a sum is found by comparing, not by sorting: (time, place) as an array compares in that order.
const SUMS = `
  with sums as (
    select type_id, service_id, path, type_set, case when stored_hour < ${timeSql('$3')} then -1
        else ((${microsSql('stored_hour')} - $3::bigint) / $5::bigint)::int end as step,
      sum(events) as events, sum(cut_events) as cut_events, min(first_at) as first_at,
      max(array[${microsSql('last_at')}, incarnation_id, partition, "offset"]) as last
    from field_count
    where stored_hour >= ${timeSql('$2')} and stored_hour < ${timeSql('$4')}
      and type_id in (select id from name where workspace_id = $1 and kind = 'event type'
        and ($6::bytea is null or digest = $6))
    group by 1, 2, 3, 4, 5
  )
  select t.label as event_type, s.label as service, f.step, f.path, f.type_set, f.events, f.cut_events,
    ${microsSql('f.first_at')} as first_us, f.last[1] as last_us, c.kafka_id as cluster, i.topic, i.n,
    i.id as incarnation_id, f.last[3]::int as partition, f.last[4] as "offset"
  from sums f join name t on t.id = f.type_id left join name s on s.id = f.service_id
  join incarnation i on i.id = f.last[2]::int join cluster c on c.id = i.cluster_id
  order by f.type_id`;
