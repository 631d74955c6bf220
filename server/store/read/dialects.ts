import type { Pool } from 'pg';
import type { DialectCount } from '../../model/dialect-wire.ts';
import { type Micros, microsToRfc3339 } from '../../model/time.ts';
import type { DialectCounts } from '../../ports/reads.ts';
import { microsFromSql, microsSql, microsToSql, timeSql } from '../sql-time.ts';
import { readRules } from './rules-in-force.ts';

interface DialectRow {
  dialect: string;
  in_range: string;
  stored: string;
  last_us: string | null;
}

/**
 * What each dialect read, in a range of the stored clock and in all, and how much of it by rules that are no longer in
 * force. Sums of counts by the minute; what has expired went with its day.
 */
export async function readDialects(
  pool: Pick<Pool, 'query'>,
  workspaceId: number,
  range: { readonly from: Micros; readonly to: Micros },
): Promise<DialectCounts> {
  const values = [workspaceId, microsToSql(range.from), microsToSql(range.to)];
  const [dialects, rules] = await Promise.all([
    pool.query<DialectRow>(BY_DIALECT, values),
    readRules(pool, workspaceId, 'reading'),
  ]);
  return {
    counts: new Map(dialects.rows.map((row) => [row.dialect, toCount(row)])),
    rules: {
      version: rules?.version ?? null,
      older: rules?.other ?? '0',
      older_unreachable: rules?.other_unreachable ?? '0',
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
