import type { PoolClient } from 'pg';
import type { MergedDay } from '../../ports/merge-store.ts';

/** Longest that others may have to wait for the swap to get its turn. */
const SWAP_WAIT = '200ms';

/**
 * Puts the merged copy of a day in its place, in the transaction at hand. Null when the day has other records than were
 * copied: the copy is thrown away, and begun anew.
 */
export async function swapDay(client: PoolClient, day: string): Promise<MergedDay | null> {
  const { rows: parts } = await client.query<{ stands: boolean }>(
    `select bool_and(to_regclass(period_table(t, 'day', $1::date)) is not null) as stands
     from unnest(array['segment', 'segment_bytes']) t`,
    [day],
  );
  // The day, or its payload, has expired while it was copied.
  if (parts[0]?.stands !== true) return discard(client, day);
  await client.query(`set local lock_timeout = '${SWAP_WAIT}'`);
  // From here on nobody can store into this day; other days are written as before. What is compared stays so.
  await client.query(`lock table segment_${day.replaceAll('-', '')} in share mode`);
  const { rows: same } = await client.query<{ same: boolean }>(
    `select (select sum(record_count) from segment where stored_day = $1::date)
       = (select sum(record_count) from segment_merged) as same`,
    [day],
  );
  if (same[0]?.same !== true) return discard(client, day);
  await client.query('lock table segment, segment_bytes in access exclusive mode');
  for (const table of ['segment', 'segment_bytes']) {
    const part = `${table}_${day.replaceAll('-', '')}`;
    await client.query(`alter table ${table} detach partition ${part}`);
    await client.query(`drop table ${part}`);
    await client.query(`alter table ${table}_merged rename to ${part}`);
    await client.query(
      `alter table ${table} attach partition ${part} for values from ('${day}') to ('${nextDay(day)}')`,
    );
  }
  const { rows } = await client.query<DoneRow>(DONE, [day]);
  const [done] = rows;
  if (done === undefined) throw new Error(`the merge of ${day} was not begun`);
  return {
    day,
    segmentsBefore: Number(done.segments_before),
    segmentsAfter: Number(done.segments_after),
    bytesBefore: Number(done.bytes_before),
    bytesAfter: Number(done.bytes_after),
  };
}

async function discard(client: PoolClient, day: string): Promise<null> {
  await client.query('drop table segment_merged, segment_bytes_merged');
  await client.query('delete from segment_merge where day = $1::date', [day]);
  return null;
}

function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}

interface DoneRow {
  segments_before: string;
  segments_after: string;
  bytes_before: string;
  bytes_after: string;
}

const DONE = `
  update segment_merge set state = 'done', bytes_after = (
    select sum(pg_total_relation_size(to_regclass(period_table(t, 'day', $1::date))))
    from unnest(array['segment', 'segment_bytes']) t)
  where day = $1::date
  returning segments_before, segments_after, bytes_before, bytes_after`;
