import type { Pool } from 'pg';
import { msSql } from './alert-rows.ts';

const OVERLAP_MS = 120_000;

interface Row {
  readonly label: string;
  readonly at: number;
  readonly now: number;
}

/**
 * Answers per event type the end of the last minute in which one was stored (epoch ms), as far as `backMs` ago. What
 * was read once is not read again: only the counts since then are.
 */
export function createLastStored(
  pool: Pick<Pool, 'query'>,
  workspaceId: number,
): (backMs: number) => Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, number>();
  let from = Number.POSITIVE_INFINITY;
  let readTo = Number.NEGATIVE_INFINITY;
  const read = async (since: number): Promise<void> => {
    const { rows } = await pool.query<Row>(LAST, [workspaceId, since]);
    for (const { label, at, now } of rows) {
      known.set(label, Math.max(known.get(label) ?? Number.NEGATIVE_INFINITY, Math.min(at, now)));
    }
  };
  return async (backMs) => {
    const { rows } = await pool.query<{ readonly now: number }>(`select ${msSql('now()')} as now`);
    const now = rows[0]?.now ?? 0;
    const since = now - backMs;
    if (since < from) {
      await read(since);
      from = since;
    } else {
      await read(readTo - OVERLAP_MS);
    }
    readTo = now;
    return new Map([...known].filter(([, at]) => at >= since));
  };
}

const LAST = `
  select y.label, ${msSql(`max(n.stored_minute) + interval '1 minute'`)} as at, ${msSql('now()')} as now
  from ingest_count n join name y on y.id = n.type_id
  where n.workspace_id = $1 and n.stored_minute >= to_timestamp($2::float8 / 1000) and n.records > 0
  group by 1`;
