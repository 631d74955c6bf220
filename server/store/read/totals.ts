import type { Pool } from 'pg';
import { isUndecodable, REASONS, type Reason } from '../../model/reason.ts';

/** Codes of reasons that mean the body could not be read, and of those that mean it belongs to no trace. */
const REASON_CODES = Object.entries(REASONS) as [Reason, number][];
export const UNDECODABLE_CODES = REASON_CODES.flatMap(([reason, code]) => (isUndecodable(reason) ? [code] : []));
export const UNCORRELATED_CODES = REASON_CODES.flatMap(([reason, code]) => (isUndecodable(reason) ? [] : [code]));

export interface Totals {
  readonly stored: string;
  readonly undecodable: string;
  readonly uncorrelated: string;
}

/** All records ever stored, summed over ingest's counts. */
export async function readTotals(pool: Pool, workspaceId: number): Promise<Totals> {
  const { rows } = await pool.query<Totals>(
    `select coalesce(sum(records), 0)::text as stored,
       coalesce(sum(records) filter (where reason = any($2::smallint[])), 0)::text as undecodable,
       coalesce(sum(records) filter (where reason = any($3::smallint[])), 0)::text as uncorrelated
     from ingest_count where workspace_id = $1`,
    [workspaceId, UNDECODABLE_CODES, UNCORRELATED_CODES],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a sum answered no row');
  return row;
}
