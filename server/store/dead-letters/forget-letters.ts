import type { PoolClient } from 'pg';
import { markTraces } from '../mark-traces.ts';
import { transactionOn } from '../transaction.ts';

/**
 * What stands beside the dead letters of days that were dropped goes as well. A trace that goes on without one is settled
 * again, so that it counts those that are left.
 */
export async function forgetLetters(client: PoolClient, day: string): Promise<void> {
  await transactionOn(client, async () => {
    const { rows } = await client.query<{ last_day: string; trace_keys: readonly string[] }>(FORGET_FOREIGN, [day]);
    for (const { last_day, trace_keys } of rows) await markTraces(client, last_day, trace_keys);
    await client.query(FORGET_GROUPS, [day]);
  });
}

const FORGET_FOREIGN = `
  with gone as (delete from foreign_letter where stored_day <= $1::date returning trace_key)
  select t.last_day::text, array_agg(distinct t.trace_key::text) as trace_keys
  from gone join trace t using (trace_key) group by 1`;

// A group that comes again later is written with its day in the transaction of its event, so none is lost here.
const FORGET_GROUPS = 'delete from dead_letter_group where used_day <= $1::date';
