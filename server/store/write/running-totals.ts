import type { PoolClient } from 'pg';
import type { PreparedEvent } from '../../model/event.ts';
import { isUndecodable } from '../../model/reason.ts';
import type { PreparedBatch } from '../../ports/ingest-store.ts';

/** What a batch adds to the running totals of its partition. */
export interface RunningTotals {
  readonly stored: number;
  readonly undecodable: number;
  readonly uncorrelated: number;
}

/** Sums up events by what their reason means. */
export function totalsOf(events: readonly PreparedEvent[]): RunningTotals {
  let undecodable = 0;
  let uncorrelated = 0;
  for (const { reason } of events) {
    if (reason === null) continue;
    if (isUndecodable(reason)) undecodable++;
    else uncorrelated++;
  }
  return { stored: events.length, undecodable, uncorrelated };
}

/**
 * Moves the totals from those of the batch as it came to those of `stored`, where poisoned records took another reason.
 * Costs nothing when none was.
 */
export async function correctTotals(
  client: PoolClient,
  batch: PreparedBatch,
  stored: readonly PreparedEvent[],
): Promise<void> {
  if (stored === batch.events) return;
  const [before, after] = [totalsOf(batch.events), totalsOf(stored)];
  await client.query(CORRECT, [
    batch.incarnationId,
    batch.partition,
    after.undecodable - before.undecodable,
    after.uncorrelated - before.uncorrelated,
  ]);
}

const CORRECT = `
  update partition_state
  set undecodable_count = undecodable_count + $3, uncorrelated_count = uncorrelated_count + $4
  where incarnation_id = $1 and partition = $2`;
