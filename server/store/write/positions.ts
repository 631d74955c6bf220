import type { Pool } from 'pg';
import type { TopicPartition } from '../../ports/source.ts';

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

/** Records where a never-stored partition begins; one that already stands is left alone. */
export async function beginPartition(pool: Pool, partition: TopicPartition, offset: bigint): Promise<void> {
  await pool.query(
    `insert into partition_state (incarnation_id, partition, first_offset, next_offset) values ($1, $2, $3, $3)
     on conflict (incarnation_id, partition) do nothing`,
    [partition.incarnationId, partition.partition, offset.toString()],
  );
}
