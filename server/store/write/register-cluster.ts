import type { Pool } from 'pg';
import type { SourceKind } from '../../model/wire.ts';

/** Finds or makes the row of a cluster, and keeps its name and source as configured now. */
export async function registerCluster(
  pool: Pool,
  workspaceId: number,
  cluster: { kafkaId: string; name: string; source: SourceKind },
): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into cluster (workspace_id, kafka_id, name, source) values ($1, $2, $3, $4)
     on conflict (workspace_id, kafka_id) do update set name = excluded.name, source = excluded.source
     returning id`,
    [workspaceId, cluster.kafkaId, cluster.name, cluster.source],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an upsert answered no row');
  return row.id;
}
