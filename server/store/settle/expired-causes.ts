import type { PoolClient } from 'pg';
import { recordKey } from '../../model/trace.ts';
import type { HopRow } from './hop-row.ts';
import type { SpannedTrace } from './trace-span.ts';

/**
 * Tells the stored rows that stay as they are: their cause is not among the events any more because its day has expired.
 * A cause that is gone for another reason (it was read anew and belongs to another trace) makes the hop anew.
 */
export async function expiredCauses(
  client: PoolClient,
  workspaceId: number,
  stored: readonly HopRow[],
  traces: readonly SpannedTrace[],
): Promise<(row: HopRow) => boolean> {
  const present = new Map(traces.map((trace) => [trace.traceKey, trace]));
  const coordinates = new Map<string, ReadonlySet<string>>();
  const isMissing = (row: HopRow): boolean => {
    const trace = present.get(row.traceKey);
    if (row.cause === null || trace === undefined) return false;
    let known = coordinates.get(row.traceKey);
    if (known === undefined) {
      const { events, duplicates } = trace.stitched;
      known = new Set([...events, ...duplicates.map(({ copy }) => copy)].map(recordKey));
      coordinates.set(row.traceKey, known);
    }
    return !known.has(recordKey(row.cause));
  };
  const missing = stored.filter(isMissing);
  if (missing.length === 0) return () => false;
  const { rows } = await client.query<{ day: string | null }>(
    "select max(day)::text as day from expired_day where workspace_id = $1 and kept_as = 'events'",
    [workspaceId],
  );
  const lastExpired = rows[0]?.day ?? '';
  const kept = new Set(missing.filter(({ cause }) => cause?.storedDay != null && cause.storedDay <= lastExpired));
  return (row) => kept.has(row);
}
