import type { Pool } from 'pg';
import type { LivingQueue } from '../../model/alert-state.ts';
import { readTopicStage } from '../../model/topic-stage.ts';
import type { QueueReadings } from '../../ports/queue-readings.ts';
import { readWatchRound } from '../read/watch-round.ts';
import { msSql } from './alert-rows.ts';
import { createOldestRecords } from './oldest-records.ts';

interface PartitionRow {
  readonly incarnation_id: number;
  readonly partition: number;
  readonly low: string;
  readonly high: string;
  readonly sampled: number | null;
}

/** Queues of one reading; with more of them those whose names come first are read. */
const MOST_QUEUES = 2_000;

/**
 * Dead-letter queues by their names, with the watermarks that watch and the tap saw last. No group works them off that
 * anybody has declared.
 */
export function createQueueReadings({
  pool,
  workspaceId,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
}): QueueReadings {
  const oldest = createOldestRecords(pool);
  return {
    async readQueues(): Promise<readonly LivingQueue[]> {
      const topics = await pool.query<{ id: number; topic: string; cluster: string }>(TOPICS, [workspaceId]);
      const queues = topics.rows
        .filter(({ topic }) => readTopicStage(topic).kind === 'dead letter')
        .slice(0, MOST_QUEUES);
      if (queues.length === 0) return [];
      const { sampledUs } = await readWatchRound(pool, workspaceId);
      const { rows } = await pool.query<PartitionRow>(PARTITIONS, [queues.map(({ id }) => id)]);
      const waiting = rows.flatMap(({ incarnation_id, partition, low, high }) =>
        BigInt(low) < BigInt(high) ? [{ incarnationId: incarnation_id, partition, from: Number(low) }] : [],
      );
      const oldestOf = await oldest.find(waiting);
      return queues.map(({ id, topic, cluster }) => {
        const own = rows.filter(({ incarnation_id }) => incarnation_id === id);
        const sampled = own.flatMap(({ sampled: at }) => at ?? []);
        const ages = waiting.flatMap((place) => (place.incarnationId === id ? (oldestOf(place) ?? []) : []));
        return {
          ...{ cluster, topic, life: id, triageGroups: [] },
          lookedAt: sampledUs === null ? (sampled.length === 0 ? null : Math.max(...sampled)) : sampledUs / 1000,
          partitions: own.map(({ partition, low, high }) => ({
            ...{ partition, low: Number(low), high: Number(high), triaged: null },
          })),
          oldestAt: ages.length === 0 ? null : Math.min(...ages),
        };
      });
    },
  };
}

const TOPICS = `
  select i.id, i.topic, c.kafka_id as cluster from incarnation i join cluster c on c.id = i.cluster_id
  where i.workspace_id = $1 and i.gone_at is null
    and (i.topic ~* '(dlq|dlt|dead[-_]?letter)') order by i.topic, c.kafka_id`;

// The tap looks at the ends of what it reads, watch at all of it: the later look of the two has moved on.
const PARTITIONS = `
  select incarnation_id, partition, coalesce(greatest(w.low, p.low), p.first_offset, 0)::text as low,
    coalesce(greatest(w.high, p.high), p.next_offset, 0)::text as high, ${msSql('p.sampled_at')} as sampled
  from (select * from partition_state where incarnation_id = any($1::int[])) p
  full join (select * from watermark where incarnation_id = any($1::int[])) w using (incarnation_id, partition)
  order by incarnation_id, partition`;
