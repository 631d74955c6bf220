import type { Pool } from 'pg';
import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import type { ActivityWire } from '../../model/wire.ts';
import { microsFromSql, microsSql, microsToSql, timeSql } from '../sql-time.ts';
import { type PulseReading, toAsOf } from './pulse.ts';
import { UNCORRELATED_CODES, UNDECODABLE_CODES } from './totals.ts';

const BUCKETS = 240;
const MINUTE_US = 60_000_000;

interface BucketRow {
  at_us: string;
  stored: string;
  traces: string;
  undecodable: string;
  uncorrelated: string;
}

/** What was stored and which traces started, in at most 240 buckets of whole minutes. */
export async function readActivity(
  pool: Pool,
  workspaceId: number,
  range: { from: Micros; to: Micros },
  reading: PulseReading,
): Promise<ActivityWire> {
  const stepUs = Math.max(1, Math.ceil((range.to - range.from) / (BUCKETS - 1) / MINUTE_US)) * MINUTE_US;
  const from = micros(Math.floor(range.from / stepUs) * stepUs);
  const { rows } = await pool.query<BucketRow>(SELECT, [
    workspaceId,
    microsToSql(from),
    microsToSql(range.to),
    stepUs,
    UNDECODABLE_CODES,
    UNCORRELATED_CODES,
  ]);
  return {
    ...toAsOf(reading),
    from: microsToRfc3339(from),
    to: microsToRfc3339(range.to),
    step_s: stepUs / 1e6,
    buckets: rows.map((row) => ({
      at: microsToRfc3339(microsFromSql(row.at_us)),
      stored: Number(row.stored),
      traces: Number(row.traces),
      undecodable: Number(row.undecodable),
      uncorrelated: Number(row.uncorrelated),
    })),
  };
}

const SELECT = `
  with parts as (
    select stored_minute as at, records as stored, 0 as traces,
      case when reason = any($5::smallint[]) then records else 0 end as undecodable,
      case when reason = any($6::smallint[]) then records else 0 end as uncorrelated
    from ingest_count
    where workspace_id = $1 and stored_minute >= ${timeSql('$2')} and stored_minute < ${timeSql('$3')}
    union all
    select started_at, 0, 1, 0, 0 from trace
    where workspace_id = $1 and started_at >= ${timeSql('$2')} and started_at < ${timeSql('$3')}
  )
  select ${microsSql(`date_bin($4::bigint * interval '1 microsecond', at, timestamptz 'epoch')`)} as at_us,
    sum(stored) as stored, sum(traces) as traces, sum(undecodable) as undecodable, sum(uncorrelated) as uncorrelated
  from parts group by 1 order by 1`;
