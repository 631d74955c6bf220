import type { PoolClient } from 'pg';
import { markTraces } from '../mark-traces.ts';
import type { Replacement } from './plan-chunk.ts';

/** Marks the traces that changed events lay in before, so that settle takes the events out of them. */
export async function markFormerTraces(
  client: PoolClient,
  day: string,
  changed: readonly Replacement[],
): Promise<void> {
  const inTraces = changed.filter(({ before }) => before.idKind !== 'record');
  await markTraces(client, day, [...new Set(inTraces.map(({ before }) => before.traceKey))]);
}
