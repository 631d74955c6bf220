import type { Pool } from 'pg';
import type { SinkAnswer, SourceHole } from '../../ports/source.ts';
import { inTransaction } from '../transaction.ts';
import { standsAt } from './move-positions.ts';

/** Records a hole and moves the position past it, by compare-and-set in one transaction. */
export async function storeHole(pool: Pool, hole: SourceHole, owner: bigint | null): Promise<SinkAnswer> {
  return inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(MOVE_PAST, [
      hole.incarnationId,
      hole.partition,
      hole.fromOffset.toString(),
      hole.toOffset.toString(),
      hole.reason,
      owner?.toString() ?? null,
    ]);
    return rowCount === 1 ? { kind: 'stored' } : standsAt(client, hole, owner);
  });
}

const MOVE_PAST = `
  with moved as (
    update partition_state set next_offset = $4
    where incarnation_id = $1 and partition = $2 and next_offset = $3::bigint and $4::bigint > $3::bigint
      and owner_generation <= coalesce($6::bigint, owner_generation)
    returning last_recorded_at
  )
  insert into hole (incarnation_id, partition, from_offset, to_offset, reason, from_time)
  select $1, $2, $3, $4, $5, last_recorded_at from moved
  on conflict (incarnation_id, partition, from_offset) do update
    set to_offset = excluded.to_offset, reason = excluded.reason, noticed_at = now()`;
