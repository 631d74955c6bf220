import type { PoolClient } from 'pg';
import { markTraces } from '../mark-traces.ts';
import type { Replacement } from './plan-chunk.ts';

/** Marks the traces that events lay in before, so that settle takes those that changed out of them. */
export async function markFormerTraces(
  client: PoolClient,
  day: string,
  replaced: readonly Replacement[],
): Promise<void> {
  const inTraces = replaced.filter(({ before }) => before.idKind !== 'record');
  await markTraces(client, day, [...new Set(inTraces.map(({ before }) => before.traceKey))]);
}
