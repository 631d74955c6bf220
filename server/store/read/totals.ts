import type { Pool } from 'pg';
import { isUndecodable, REASONS, type Reason } from '../../model/reason.ts';
import { VIOLATING_CODES } from '../../model/schema-check.ts';
import { microsToRfc3339 } from '../../model/time.ts';
import type { CoverageTotals } from '../../model/wire.ts';
import { microsFromSql, microsSql } from '../sql-time.ts';

/** Codes of reasons that mean the body could not be read, and of those that mean it belongs to no trace. */
const REASON_CODES = Object.entries(REASONS) as [Reason, number][];
export const UNDECODABLE_CODES = REASON_CODES.flatMap(([reason, code]) => (isUndecodable(reason) ? [code] : []));
export const UNCORRELATED_CODES = REASON_CODES.flatMap(([reason, code]) => (isUndecodable(reason) ? [] : [code]));

interface TotalsRow {
  stored: string;
  undecodable: string;
  uncorrelated: string;
  violating: string;
  expired: string;
  payload_expired: string;
  damaged: string;
  holes: CoverageTotals['holes'];
  topics: number;
  partitions: number;
  last_recorded_us: string | null;
}

/**
 * What is stored in all: the running totals of every partition, less what has expired. Reads a row per partition, per
 * hole and per expired day, and of the counts those alone of events that break their schema.
 */
export async function readTotals(pool: Pool, workspaceId: number): Promise<CoverageTotals> {
  const { rows } = await pool.query<TotalsRow>(SELECT, [workspaceId]);
  const [row] = rows;
  if (row === undefined) throw new Error('a sum answered no row');
  const { last_recorded_us: last, ...totals } = row;
  return { ...totals, last_recorded_at: last === null ? null : microsToRfc3339(microsFromSql(last)) };
}

const SELECT = `
  with partitions as materialized (
    select p.*, i.gone_at is null as here
    from partition_state p join incarnation i on i.id = p.incarnation_id where i.workspace_id = $1
  ), sums as (
    select coalesce(sum(stored_count), 0) as stored, coalesce(sum(undecodable_count), 0) as undecodable,
      coalesce(sum(uncorrelated_count), 0) as uncorrelated, count(*) filter (where here)::int as partitions,
      count(distinct incarnation_id) filter (where here)::int as topics, max(last_recorded_at) as last_recorded_at
    from partitions
  ), expired as (
    select coalesce(sum(records) filter (where kept_as = 'events'), 0) as records,
      coalesce(sum(undecodable) filter (where kept_as = 'events'), 0) as undecodable,
      coalesce(sum(uncorrelated) filter (where kept_as = 'events'), 0) as uncorrelated,
      coalesce(sum(records) filter (where kept_as = 'payload'), 0) as payloads
    from expired_day where workspace_id = $1
  ), violating as (
    select coalesce(sum(records), 0) as records from ingest_count
    where workspace_id = $1 and schema_status in (${VIOLATING_CODES.join(', ')}) and stored_minute >= coalesce(
      (select (max(day) + 1)::timestamp at time zone 'utc' from expired_day where workspace_id = $1 and kept_as = 'events'),
      '-infinity')
  ), damaged as (
    select coalesce(sum(d.record_count), 0) as records from damage d join partitions p using (incarnation_id, partition)
  ), missing as (
    select h.reason, count(*)::int as holes, sum(h.to_offset - h.from_offset)::text as records
    from hole h join partitions p using (incarnation_id, partition) group by h.reason
  )
  select (s.stored - e.records)::text as stored, (s.undecodable - e.undecodable)::text as undecodable,
    (s.uncorrelated - e.uncorrelated)::text as uncorrelated, v.records::text as violating,
    e.records::text as expired,
    e.payloads::text as payload_expired, d.records::text as damaged,
    (select coalesce(json_agg(m order by m.reason), '[]') from missing m) as holes,
    s.topics, s.partitions, ${microsSql('s.last_recorded_at')} as last_recorded_us
  from sums s, expired e, violating v, damaged d`;
