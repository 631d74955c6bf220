import type { PoolClient } from 'pg';
import type { PreparedBatch } from '../../ports/ingest-store.ts';
import type { SinkAnswer, TopicPartition } from '../../ports/source.ts';
import { microsToSql, timeSql } from '../sql-time.ts';
import { totalsOf } from './running-totals.ts';

/** A partition was written to before `begin` said where it starts. */
export class NotBegunError extends Error {
  readonly code = 'not_begun';
}

/** The key of a partition among those of one statement. */
export function partitionKey({
  incarnationId,
  partition,
}: Pick<TopicPartition, 'incarnationId' | 'partition'>): string {
  return `${incarnationId}/${partition}`;
}

/**
 * Moves the positions of some partitions by compare-and-set, each from where its batch begins to where it ends, with
 * the running totals. Answers the keys of those that moved. Batches must be of different partitions.
 */
export async function movePositions(
  client: PoolClient,
  batches: readonly PreparedBatch[],
): Promise<ReadonlySet<string>> {
  // One order for all writers, so that two of them wait for each other and do not deadlock.
  const sorted = [...batches].sort((a, b) => a.incarnationId - b.incarnationId || a.partition - b.partition);
  const totals = sorted.map(({ events }) => totalsOf(events));
  const time = (event: { recordedAt: Parameters<typeof microsToSql>[0] } | undefined) =>
    event === undefined ? null : microsToSql(event.recordedAt);
  const { rows } = await client.query<{ incarnation_id: number; partition: number }>({
    name: 'move-positions',
    text: MOVE,
    values: [
      sorted.map((batch) => batch.incarnationId),
      sorted.map((batch) => batch.partition),
      sorted.map((batch) => batch.expectedOffset.toString()),
      sorted.map((batch) => batch.nextOffset.toString()),
      sorted.map((batch) => time(batch.events.at(-1))),
      sorted.map((batch) => batch.highWatermark.toString()),
      sorted.map((batch) => time(batch.events[0])),
      totals.map(({ stored }) => stored),
      totals.map(({ undecodable }) => undecodable),
      totals.map(({ uncorrelated }) => uncorrelated),
      sorted.map((batch) => batch.owner?.toString() ?? null),
    ],
  });
  return new Set(rows.map((row) => partitionKey({ incarnationId: row.incarnation_id, partition: row.partition })));
}

// A hole that ends where a batch begins learns the time on its far side.
const MOVE = `
  with wanted as (
    select * from unnest($1::int[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
      $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[])
      as w(incarnation_id, partition, expected, next, last_us, high, first_us, stored, undecodable, uncorrelated,
        owner)
  ), moved as (
    update partition_state p
    set next_offset = w.next, last_recorded_at = coalesce(${timeSql('w.last_us')}, p.last_recorded_at),
      high = greatest(p.high, w.high), sampled_at = now(),
      all_read_at = case when w.next >= greatest(p.high, w.high) then now() else p.all_read_at end,
      stored_count = p.stored_count + w.stored, undecodable_count = p.undecodable_count + w.undecodable,
      uncorrelated_count = p.uncorrelated_count + w.uncorrelated
    from wanted w
    where p.incarnation_id = w.incarnation_id and p.partition = w.partition
      and p.next_offset = w.expected and w.next > w.expected
      and p.owner_generation <= coalesce(w.owner, p.owner_generation)
    returning p.incarnation_id, p.partition, w.expected, w.first_us
  ), closed as (
    update hole h set to_time = ${timeSql('m.first_us')}
    from moved m
    where h.incarnation_id = m.incarnation_id and h.partition = m.partition and h.to_offset = m.expected
      and h.to_time is null and m.first_us is not null
  )
  select incarnation_id, partition from moved`;

/**
 * Why a batch or hole does not continue its partition: another tap has claimed it since, or it stands elsewhere.
 */
export async function standsAt(
  client: PoolClient,
  { incarnationId, partition }: TopicPartition,
  owner: bigint | null,
): Promise<SinkAnswer> {
  const { rows } = await client.query<{ next_offset: string; lost: boolean }>(
    `select next_offset, owner_generation > coalesce($3::bigint, owner_generation) as lost
     from partition_state where incarnation_id = $1 and partition = $2`,
    [incarnationId, partition, owner?.toString() ?? null],
  );
  const [row] = rows;
  if (row === undefined)
    throw new NotBegunError(`partition ${partition} of incarnation ${incarnationId} was not begun`);
  return row.lost ? { kind: 'lost' } : { kind: 'moved', nextOffset: BigInt(row.next_offset) };
}
