import type { Pool } from 'pg';
import type { DialectCount } from '../../model/dialect-wire.ts';
import { type Micros, microsToRfc3339 } from '../../model/time.ts';
import type { DialectCounts } from '../../ports/reads.ts';
import { microsFromSql, microsSql, microsToSql, timeSql } from '../sql-time.ts';

interface DialectRow {
  dialect: string;
  in_range: string;
  stored: string;
  last_us: string | null;
}

interface VersionRow {
  version: number;
  older: string;
  older_unreachable: string;
}

/**
 * What each dialect read, in a range of the stored clock and in all, and how much of it by rules that are no longer in
 * force: those of the newest event are. Sums of counts by the minute; what has expired went with its day.
 */
export async function readDialects(
  pool: Pick<Pool, 'query'>,
  workspaceId: number,
  range: { readonly from: Micros; readonly to: Micros },
): Promise<DialectCounts> {
  const values = [workspaceId, microsToSql(range.from), microsToSql(range.to)];
  const [dialects, versions] = await Promise.all([
    pool.query<DialectRow>(BY_DIALECT, values),
    pool.query<VersionRow>(BY_VERSION, [workspaceId]),
  ]);
  const [rules] = versions.rows;
  return {
    counts: new Map(dialects.rows.map((row) => [row.dialect, toCount(row)])),
    rules: {
      version: rules?.version ?? null,
      older: rules?.older ?? '0',
      older_unreachable: rules?.older_unreachable ?? '0',
    },
  };
}

function toCount({ in_range, stored, last_us }: DialectRow): DialectCount {
  return { in_range, stored, last_at: last_us === null ? null : microsToRfc3339(microsFromSql(last_us)) };
}

// Signed rows of jobs may leave a dialect with nothing.
const BY_DIALECT = `
  select n.label as dialect, sum(c.records)::text as stored,
    coalesce(sum(c.records) filter (where c.stored_minute >= date_trunc('minute', ${timeSql('$2::bigint')})
      and c.stored_minute <= ${timeSql('$3::bigint')}), 0)::text as in_range,
    ${microsSql('max(c.last_at) filter (where c.records > 0)')} as last_us
  from dialect_count c join name n on n.id = c.dialect_id
  where n.workspace_id = $1
  group by n.label having sum(c.records) > 0`;

// Rules in force are those that were registered last.
const BY_VERSION = `
  with force as (select id from rule_set where workspace_id = $1 order by in_force_at desc, id desc limit 1), gone as (
    select day from expired_day where workspace_id = $1 and kept_as = 'payload'
  )
  select force.id as version, coalesce(sum(c.records), 0)::text as older,
    coalesce(sum(c.records) filter (where (c.stored_minute at time zone 'utc')::date in (select day from gone)), 0)::text
      as older_unreachable
  from force left join dialect_count c on c.resolver_version <> force.id
    and c.dialect_id in (select id from name where workspace_id = $1 and kind = 'dialect')
  group by force.id`;
