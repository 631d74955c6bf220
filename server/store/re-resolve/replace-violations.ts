import type { PoolClient } from 'pg';
import { isViolatingRow } from '../codes.ts';
import { copyIn } from '../copy-in.ts';
import { countViolations } from '../write/count-violations.ts';
import type { RowContext } from '../write/encode-rows.ts';
import { encodeViolations } from '../write/encode-violations.ts';
import { byStoring, type Replacement } from './plan-chunk.ts';
import type { Chunk } from './read-chunk.ts';

/**
 * Puts what changed events break in the place of what they broke: rows of the violation log, and signed counts of the
 * job's own. Costs nothing where nothing was and nothing is wrong.
 */
export async function replaceViolations(
  client: PoolClient,
  { chunk, jobId, rows }: { readonly chunk: Chunk; readonly jobId: string; readonly rows: RowContext },
  replacements: readonly Replacement[],
): Promise<void> {
  const broken = replacements.filter(({ before }) => isViolatingRow(before.flags));
  if (broken.length > 0) {
    await client.query(TAKE_AWAY, [
      chunk.day,
      chunk.incarnationId,
      chunk.partition,
      broken.map(({ before }) => before.offset.toString()),
      jobId,
    ]);
  }
  const batches = byStoring(replacements.filter(({ event }) => event.check.errors.length > 0));
  if (batches.length === 0) return;
  await countViolations(client, jobId, batches, rows);
  await copyIn(client, [encodeViolations(batches, rows)]);
}

const TAKE_AWAY = `
  with gone as (
    delete from violation where stored_day = $1::date and incarnation_id = $2 and partition = $3
      and "offset" = any($4::bigint[])
    returning stored_day, occurred_at, group_key, counts
  )
  insert into violation_count (stored_day, occurred_minute, group_key, writer, records)
  select stored_day, date_trunc('minute', occurred_at), group_key, $5::uuid, -count(*)
  from gone where counts group by 1, 2, 3 order by 1, 2, 3
  on conflict (stored_day, occurred_minute, group_key, writer)
  do update set records = violation_count.records + excluded.records`;
