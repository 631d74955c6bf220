import type { Pool } from 'pg';
import type { OwnedPosition } from '../../ports/ingest-store.ts';
import type { Ownership, TopicPartition } from '../../ports/source.ts';

/** Takes ownership of partitions in one statement; see `RecordSink.claim`. */
export async function claimPartitions(
  pool: Pool,
  partitions: readonly TopicPartition[],
  { generation, confirmed }: Ownership,
): Promise<readonly OwnedPosition[]> {
  const { rows } = await pool.query<ClaimedRow>(CLAIM, [
    partitions.map((each) => each.incarnationId),
    partitions.map((each) => each.partition),
    generation,
    confirmed,
  ]);
  const claimed = new Map(rows.map((row) => [`${row.incarnation_id}/${row.partition}`, row]));
  return partitions.flatMap((each) => {
    const row = claimed.get(`${each.incarnationId}/${each.partition}`);
    if (row === undefined) return [];
    const backfillEnd = row.backfill_end === null ? null : BigInt(row.backfill_end);
    return [{ ...each, nextOffset: BigInt(row.next_offset), backfillEnd, owner: BigInt(row.owner_generation) }];
  });
}

interface ClaimedRow {
  readonly incarnation_id: number;
  readonly partition: number;
  readonly next_offset: string;
  readonly backfill_end: string | null;
  readonly owner_generation: string;
}

// Rows are locked in one order, so that two taps that claim the same ones never deadlock. The mark grows in either case:
// within its era, or, where a confirmed generation is below the one that stands, by a new era.
const CLAIM = `
  with wanted as (
    select p.incarnation_id, p.partition, p.owner_generation as stands
    from partition_state p
    join unnest($1::int[], $2::int[]) as w(incarnation_id, partition) using (incarnation_id, partition)
    order by p.incarnation_id, p.partition
    for update of p
  )
  update partition_state p
  set owner_generation = case when (w.stands & 4294967295) <= $3::bigint
    then (w.stands >> 32 << 32) | $3::bigint
    else ((w.stands >> 32) + 1 << 32) | $3::bigint end
  from wanted w
  where p.incarnation_id = w.incarnation_id and p.partition = w.partition
    and ((w.stands & 4294967295) <= $3::bigint or $4::boolean)
  returning p.incarnation_id, p.partition, p.next_offset, p.backfill_end, p.owner_generation`;
