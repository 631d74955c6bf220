import type { Pool } from 'pg';
import { createQueueNames, type DeadLetterRules } from '../../model/dead-letter-queue.ts';
import type { QueueReading } from '../../model/queue-reading.ts';
import type { Micros } from '../../model/time.ts';
import type { QueueReadings } from '../../ports/queue-readings.ts';
import { BEGIN, inTransaction } from '../transaction.ts';
import { MOST_QUEUES, readKnownQueues } from './known-queues.ts';
import { readPlainEnds } from './queue-ends.ts';
import { oldestOf } from './queue-wire.ts';

/** The queues that count, for whoever watches them. */
export function createQueueReadings({
  pool,
  workspaceId,
  rules,
}: {
  readonly pool: Pool;
  readonly workspaceId: number;
  readonly rules: DeadLetterRules;
}): QueueReadings {
  const names = createQueueNames(rules);
  return {
    readQueues: () =>
      inTransaction(
        pool,
        async (client) => {
          const known = await readKnownQueues(client, workspaceId, names);
          const counted = known.filter(({ kind }) => kind === 'dead letter').slice(0, MOST_QUEUES);
          const endsOf = await readPlainEnds(client, counted);
          return counted.map((queue): QueueReading => {
            const { partitions, lookedAt } = endsOf(queue);
            return {
              ...{
                cluster: queue.cluster,
                topic: queue.topic,
                life: queue.incarnationId,
                triageGroups: queue.triageGroups,
              },
              lookedAt: toMillis(lookedAt),
              partitions: partitions.map(({ partition, low, high, triaged }) => ({
                ...{ partition, low: Number(low), high: Number(high) },
                triaged: triaged === null ? null : Number(triaged),
              })),
              oldestAt: toMillis(oldestOf(partitions)),
            };
          });
        },
        BEGIN.reading,
      ),
  };
}

function toMillis(time: Micros | null): number | null {
  return time === null ? null : Math.floor(time / 1000);
}
