import type { Pool } from 'pg';
import type { IngestStore } from '../../ports/ingest-store.ts';
import { createBatchWriter } from './batch-writer.ts';
import { claimPartitions } from './claim-partitions.ts';
import { markUnreadable } from './mark-unreadable.ts';
import { beginPartitions, readPositions } from './positions.ts';
import { registerCluster } from './register-cluster.ts';
import { registerTopics } from './register-topics.ts';
import { RowIds } from './row-ids.ts';
import { storeHole, storeRewritten } from './store-hole.ts';
import { storeWatermarks } from './store-watermarks.ts';
import { StoredDays } from './stored-days.ts';
import { createTopicRegistry } from './topic-registry.ts';

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
  const context = {
    ...{ pool, workspaceId, writerId },
    ids: new RowIds(workspaceId),
    days: new StoredDays(),
  };
  return {
    registerCluster: (cluster) => registerCluster(pool, workspaceId, cluster),
    registerTopics: createTopicRegistry(
      (clusterId, topics) => registerTopics(pool, { workspaceId, writerId }, clusterId, topics),
      () => performance.now(),
    ),
    positions: (partitions) => readPositions(pool, partitions),
    begin: (positions) => beginPartitions(pool, positions),
    claim: (partitions, ownership) => claimPartitions(pool, partitions, ownership),
    storeBatch: createBatchWriter(context),
    storeHole: (hole, owner) => storeHole(pool, hole, owner),
    storeRewritten: (hole, owner) => storeRewritten(pool, hole, owner),
    storeWatermarks: (samples) => storeWatermarks(pool, samples),
    markUnreadable: (clusterId, topics) => markUnreadable(pool, { workspaceId, writerId }, clusterId, topics),
  };
}
