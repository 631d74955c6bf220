import type { Pool } from 'pg';
import { isUndecodable, REASONS, type Reason } from '../../model/reason.ts';

/** Codes of reasons that mean the body could not be read, and of those that mean it belongs to no trace. */
const REASON_CODES = Object.entries(REASONS) as [Reason, number][];
export const UNDECODABLE_CODES = REASON_CODES.flatMap(([reason, code]) => (isUndecodable(reason) ? [code] : []));
export const UNCORRELATED_CODES = REASON_CODES.flatMap(([reason, code]) => (isUndecodable(reason) ? [] : [code]));

export interface Totals {
  /** Records stored and not expired. */
  readonly stored: string;
  readonly undecodable: string;
  readonly uncorrelated: string;
  /** Records that were stored and have expired. */
  readonly expired: string;
}

/** What is stored in all: running totals of every partition, less what has expired. One row per partition and day. */
export async function readTotals(pool: Pool, workspaceId: number): Promise<Totals> {
  const { rows } = await pool.query<Totals>(SELECT, [workspaceId]);
  const [row] = rows;
  if (row === undefined) throw new Error('a sum answered no row');
  return row;
}

const SELECT = `
  select (s.stored - e.records)::text as stored, (s.undecodable - e.undecodable)::text as undecodable,
    (s.uncorrelated - e.uncorrelated)::text as uncorrelated, e.records::text as expired
  from (
    select coalesce(sum(p.stored_count), 0) as stored, coalesce(sum(p.undecodable_count), 0) as undecodable,
      coalesce(sum(p.uncorrelated_count), 0) as uncorrelated
    from partition_state p join incarnation i on i.id = p.incarnation_id where i.workspace_id = $1
  ) s, (
    select coalesce(sum(records), 0) as records, coalesce(sum(undecodable), 0) as undecodable,
      coalesce(sum(uncorrelated), 0) as uncorrelated
    from expired_day where workspace_id = $1 and kept_as = 'events'
  ) e`;
