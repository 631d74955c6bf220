import type { Pool } from 'pg';
import type { BegunPosition, TopicPartition } from '../../ports/source.ts';

/** The stored position of each partition, null for one that was never begun; in the order asked. */
export async function readPositions(
  pool: Pool,
  partitions: readonly TopicPartition[],
): Promise<readonly (TopicPartition & { nextOffset: bigint | null })[]> {
  const { rows } = await pool.query<{ incarnation_id: number; partition: number; next_offset: string }>(
    `select p.incarnation_id, p.partition, p.next_offset from partition_state p
     join unnest($1::int[], $2::int[]) as w(incarnation_id, partition) using (incarnation_id, partition)`,
    [partitions.map((each) => each.incarnationId), partitions.map((each) => each.partition)],
  );
  const offsets = new Map(rows.map((row) => [`${row.incarnation_id}/${row.partition}`, BigInt(row.next_offset)]));
  return partitions.map((each) => ({
    ...each,
    nextOffset: offsets.get(`${each.incarnationId}/${each.partition}`) ?? null,
  }));
}

/** Records where never-stored partitions begin, in one statement; see `RecordSink.begin`. */
export async function beginPartitions(pool: Pool, positions: readonly BegunPosition[]): Promise<void> {
  await pool.query(BEGIN, [
    positions.map((each) => each.incarnationId),
    positions.map((each) => each.partition),
    positions.map((each) => each.nextOffset.toString()),
    positions.map((each) => each.backfillEnd?.toString() ?? null),
  ]);
}

// One order for all taps: two that begin the same partitions wait for each other and never deadlock.
const BEGIN = `
  insert into partition_state (incarnation_id, partition, first_offset, next_offset, backfill_end)
  select incarnation_id, partition, next_offset, next_offset, backfill_end
  from unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) as b(incarnation_id, partition, next_offset, backfill_end)
  order by incarnation_id, partition
  on conflict (incarnation_id, partition) do nothing`;
