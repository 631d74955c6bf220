import type { NamedQueue, QueueNames } from '../../model/dead-letter-queue.ts';
import type { Queryable } from '../transaction.ts';

/** A topic that holds dead letters, stages or copies of them, in one life. */
export interface KnownQueue extends NamedQueue {
  readonly incarnationId: number;
  readonly clusterId: number;
  readonly cluster: string;
  readonly topic: string;
  readonly n: number;
  readonly triageGroups: readonly string[];
  readonly config: QueueConfig;
}

/** What the broker says of a topic's configuration. */
export interface QueueConfig {
  /** -1: for ever; null: not known. */
  readonly retentionMs: number | null;
  readonly cleanupPolicy: string | null;
  /** Why it is not known, in words. */
  readonly trouble: string | null;
}

interface TopicRow {
  readonly id: number;
  readonly cluster_id: number;
  readonly cluster: string;
  readonly topic: string;
  readonly n: number;
  readonly has_letters: boolean;
  readonly retention_ms: string | null;
  readonly cleanup_policy: string | null;
  readonly marked: boolean | null;
  readonly trouble: string | null;
}

/** Queues of one answer. */
export const MOST_QUEUES = 500;

/**
 * The living topics that are queues by declaration, name, the broker's configuration, or because dead letters lie in them; by
 * cluster and name. With `topic` those of that name alone, and where none lives the last that did.
 */
export async function readKnownQueues(
  client: Queryable,
  workspaceId: number,
  names: QueueNames,
  topic: string | null = null,
): Promise<readonly KnownQueue[]> {
  const { rows } = await client.query<TopicRow>(topic === null ? LIVING : NAMED, [
    workspaceId,
    ...(topic === null ? [] : [topic]),
  ]);
  return rows.flatMap((row) => {
    const queue = queueOf(row, names);
    if (queue === null) return [];
    return [
      {
        ...queue,
        ...{ incarnationId: row.id, clusterId: row.cluster_id, cluster: row.cluster, topic: row.topic, n: row.n },
        triageGroups: names.triageGroups(row.topic),
        config: {
          retentionMs: row.retention_ms === null ? null : Number(row.retention_ms),
          ...{ cleanupPolicy: row.cleanup_policy, trouble: row.trouble },
        },
      },
    ];
  });
}

function queueOf({ topic, marked, has_letters: hasLetters }: TopicRow, names: QueueNames): NamedQueue | null {
  if (names.isIgnored(topic)) return null;
  const named = names.queueOf(topic);
  if (named !== null) return named;
  if (marked === true) {
    const why = 'The broker says so: errors.deadletterqueue.group.enable is true';
    return { kind: 'dead letter', by: 'broker config', why };
  }
  if (!hasLetters) return null;
  return { kind: 'dead letter', by: 'records', why: 'Records in it are dead letters by their headers or bodies' };
}

const COLUMNS = `i.id, i.cluster_id, c.kafka_id as cluster, i.topic, i.n, f.retention_ms, f.cleanup_policy,
  f.dead_letters as marked, f.trouble,
  exists (select from dead_letter_group g where g.incarnation_id = i.id) as has_letters`;

const LIVING = `
  select ${COLUMNS}
  from incarnation i join cluster c on c.id = i.cluster_id left join topic_config f on f.incarnation_id = i.id
  where i.workspace_id = $1 and i.gone_at is null order by c.kafka_id, i.topic`;

const NAMED = `
  select distinct on (c.kafka_id) ${COLUMNS}
  from incarnation i join cluster c on c.id = i.cluster_id left join topic_config f on f.incarnation_id = i.id
  where i.workspace_id = $1 and i.topic = $2 order by c.kafka_id, i.n desc`;
