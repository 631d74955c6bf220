import type { Pool } from 'pg';
import type { IngestStore } from '../../ports/ingest-store.ts';
import { createBatchWriter } from './batch-writer.ts';
import { markUnreadable } from './mark-unreadable.ts';
import { NameIds } from './name-ids.ts';
import { beginPartition, readPositions } from './positions.ts';
import { registerCluster } from './register-cluster.ts';
import { registerTopics } from './register-topics.ts';
import { storeHole } from './store-hole.ts';
import { storeWatermarks } from './store-watermarks.ts';
import { StoredDays } from './stored-days.ts';

/** The ingest store on PostgreSQL. `writerId` (a UUID) is this process: its counts are rows of their own. */
export function createIngestStore({
  pool,
  workspaceId,
  writerId,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly writerId: string;
}): IngestStore {
  const context = { pool, workspaceId, writerId, names: new NameIds(workspaceId), days: new StoredDays() };
  return {
    registerCluster: (cluster) => registerCluster(pool, workspaceId, cluster),
    registerTopics: (clusterId, topics) => registerTopics(pool, workspaceId, clusterId, topics),
    positions: (partitions) => readPositions(pool, partitions),
    begin: (partition, offset) => beginPartition(pool, partition, offset),
    storeBatch: createBatchWriter(context),
    storeHole: (hole) => storeHole(pool, hole),
    storeWatermarks: (samples) => storeWatermarks(pool, samples),
    markUnreadable: (clusterId, topics) => markUnreadable(pool, workspaceId, clusterId, topics),
  };
}
