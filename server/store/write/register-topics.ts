import type { Pool, PoolClient } from 'pg';
import { millis } from '../../model/time.ts';
import type { DiscoveredTopic, RegisteredTopic } from '../../ports/source.ts';
import { LOCKS } from '../locks.ts';
import { inTransaction } from '../transaction.ts';
import { joinUnreadable, type UnreadableContext } from './mark-unreadable.ts';

interface IncarnationRow {
  readonly id: number;
  readonly topic: string;
  readonly topic_id: string | null;
  readonly n: number;
  readonly start_partitions: number;
  readonly first_seen_ms: number;
}

export type NumberedTopic = RegisteredTopic & { readonly n: number };

/** Finds or makes an incarnation per topic; see `IngestStore.registerTopics`. Taps that discover at once take turns. */
export async function registerTopics(
  pool: Pool,
  { workspaceId, writerId }: UnreadableContext,
  clusterId: number,
  topics: readonly DiscoveredTopic[],
): Promise<readonly NumberedTopic[]> {
  return inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, $2)', [LOCKS.topics, clusterId]);
    const isFirst = await startCluster(client, clusterId);
    const known = await readIncarnations(client, clusterId);
    const found = topics.map((topic) => ({ topic, row: match(known.get(topic.topic) ?? [], topic) }));
    const fresh = found.flatMap(({ topic, row }) => (row === undefined ? [topic] : []));
    const made = await insertIncarnations(client, { workspaceId, clusterId, isFirst }, fresh, known);
    await adoptIds(client, found);
    const registered = found.map(({ topic, row }) => {
      const incarnation = row ?? made.get(topic.topic);
      if (incarnation === undefined) throw new Error(`no incarnation was made for ${topic.topic}`);
      return { ...topic, incarnationId: incarnation.id, n: incarnation.n, firstStart: firstStartOf(incarnation) };
    });
    await joinUnreadable(client, clusterId, writerId);
    await markGone(
      client,
      clusterId,
      registered.map((topic) => topic.incarnationId),
    );
    return registered;
  });
}

/** True for the first registration ever of this cluster's topics: what stands now begins by the start rule. */
async function startCluster(client: PoolClient, clusterId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    'update cluster set started_at = now() where id = $1 and started_at is null',
    [clusterId],
  );
  return rowCount === 1;
}

function firstStartOf({ start_partitions, first_seen_ms }: IncarnationRow): RegisteredTopic['firstStart'] {
  return start_partitions === 0 ? null : { partitions: start_partitions, atMs: millis(first_seen_ms) };
}

/** The incarnations of each topic, newest first. */
async function readIncarnations(client: PoolClient, clusterId: number): Promise<Map<string, IncarnationRow[]>> {
  const { rows } = await client.query<IncarnationRow>(
    `select ${COLUMNS} from incarnation
     where cluster_id = $1 order by topic, n desc`,
    [clusterId],
  );
  const byTopic = new Map<string, IncarnationRow[]>();
  for (const row of rows) {
    const list = byTopic.get(row.topic);
    if (list === undefined) byTopic.set(row.topic, [row]);
    else list.push(row);
  }
  return byTopic;
}

const COLUMNS = `id, topic, topic_id::text, n, start_partitions,
  floor(extract(epoch from first_seen_at) * 1000)::float8 as first_seen_ms`;

/** By Kafka's id; without one on either side, the newest incarnation stands for the topic. */
function match(incarnations: readonly IncarnationRow[], topic: DiscoveredTopic): IncarnationRow | undefined {
  const [newest] = incarnations;
  if (topic.topicId === null || newest === undefined) return newest;
  const same = incarnations.find((row) => row.topic_id === topic.topicId?.toLowerCase());
  return same ?? (newest.topic_id === null ? newest : undefined);
}

async function insertIncarnations(
  client: PoolClient,
  { workspaceId, clusterId, isFirst }: { workspaceId: number; clusterId: number; isFirst: boolean },
  topics: readonly DiscoveredTopic[],
  known: ReadonlyMap<string, readonly IncarnationRow[]>,
): Promise<Map<string, IncarnationRow>> {
  if (topics.length === 0) return new Map();
  const { rows } = await client.query<IncarnationRow>(
    `insert into incarnation (workspace_id, cluster_id, topic, topic_id, n, start_partitions)
     select $1, $2, topic, topic_id, n, start_partitions
     from unnest($3::text[], $4::uuid[], $5::int[], $6::int[]) as t(topic, topic_id, n, start_partitions)
     returning ${COLUMNS}`,
    [
      workspaceId,
      clusterId,
      topics.map((topic) => topic.topic),
      topics.map((topic) => topic.topicId),
      topics.map((topic) => (known.get(topic.topic)?.[0]?.n ?? 0) + 1),
      topics.map((topic) => (isFirst ? topic.partitions : 0)),
    ],
  );
  return new Map(rows.map((row) => [row.topic, row]));
}

/** An incarnation first seen without Kafka's id learns it. */
async function adoptIds(
  client: PoolClient,
  found: readonly { topic: DiscoveredTopic; row: IncarnationRow | undefined }[],
): Promise<void> {
  const learned = found.filter(({ topic, row }) => row?.topic_id === null && topic.topicId !== null);
  if (learned.length === 0) return;
  await client.query(
    `update incarnation i set topic_id = l.topic_id
     from unnest($1::int[], $2::uuid[]) as l(id, topic_id) where i.id = l.id`,
    [learned.map(({ row }) => row?.id), learned.map(({ topic }) => topic.topicId)],
  );
}

/** Gone: not listed now. A topic the tap may not read is not listed either; it stays until it is readable or given up. */
async function markGone(client: PoolClient, clusterId: number, listed: readonly number[]): Promise<void> {
  await client.query(
    `update incarnation set gone_at = case when id = any($2::int[]) then null else now() end
     where cluster_id = $1
       and ((gone_at is null and unreadable is null and id <> all($2::int[]))
         or (gone_at is not null and id = any($2::int[])))`,
    [clusterId, listed],
  );
}
