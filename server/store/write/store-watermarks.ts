import type { Pool } from 'pg';
import type { WatermarkSample } from '../../ports/source.ts';

/** Stores one sample per partition. A partition that is being written right now is passed over: its next sample comes soon. */
export async function storeWatermarks(pool: Pool, samples: readonly WatermarkSample[]): Promise<void> {
  if (samples.length === 0) return;
  await pool.query(UPDATE, [
    samples.map((sample) => sample.incarnationId),
    samples.map((sample) => sample.partition),
    samples.map((sample) => sample.low.toString()),
    samples.map((sample) => sample.high.toString()),
  ]);
}

// Skipping locked rows means that samples never wait for an ingest transaction, and never deadlock with another sample.
const UPDATE = `
  with free as (
    select p.incarnation_id, p.partition, w.low, w.high
    from partition_state p
    join unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[]) as w(incarnation_id, partition, low, high)
      using (incarnation_id, partition)
    for update of p skip locked
  )
  update partition_state p set low = f.low, high = f.high, sampled_at = now(),
    all_read_at = case when p.next_offset >= f.high then now() else p.all_read_at end
  from free f where p.incarnation_id = f.incarnation_id and p.partition = f.partition`;
