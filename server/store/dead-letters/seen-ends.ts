/**
 * SQL for the ends of the partitions of some incarnations, an `int[]`: those that watch saw; where nobody watches, as over a
 * recording, those of the tap's own reading.
 */
export function seenEndsSql(incarnationIds: string): string {
  return `
    select incarnation_id, partition, coalesce(w.low, p.low, p.first_offset) as low,
      coalesce(w.high, greatest(p.high, p.next_offset)) as high, p.first_offset, p.next_offset,
      w.high is not null as watched, case when w.high is null then p.sampled_at else w.moved_at end as seen_at
    from (select * from watermark where incarnation_id = any(${incarnationIds})) w
    full join (select * from partition_state where incarnation_id = any(${incarnationIds})) p using (incarnation_id, partition)`;
}
