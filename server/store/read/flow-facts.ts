import type { Pool } from 'pg';
import type { QueueNames } from '../../model/dead-letter-queue.ts';
import { VIOLATING_CODES } from '../../model/schema-check.ts';
import type { Micros } from '../../model/time.ts';
import { type KnownQueue, MOST_QUEUES, readKnownQueues } from '../dead-letters/known-queues.ts';
import { depthOf, readPlainEnds } from '../dead-letters/queue-ends.ts';
import { topicRoles } from '../dead-letters/topic-roles.ts';
import { microsToSql, timeSql } from '../sql-time.ts';

/** What the map says of a family of topics beside its hops. */
export interface TopicFacts {
  /** One of its topics holds dead letters, by all that says so. */
  deadLetters: boolean;
  /** Of those of its queues that count; null where none does, or none was ever looked at. */
  depth: bigint | null;
  /** Holes that lie in the range, and the records that are missing there. */
  holes: number;
  missing: bigint;
}

/** Events of a range that break their schema, or name one that nobody knows, by where and whose they are. */
export interface ViolatingEvents {
  readonly family: string;
  readonly service: string;
  readonly eventType: string;
  readonly events: number;
}

export interface FlowFacts {
  readonly topics: ReadonlyMap<string, TopicFacts>;
  readonly violating: readonly ViolatingEvents[];
}

interface TopicRow {
  readonly topic: string;
  readonly cluster: string;
  readonly holes: number;
  readonly missing: string;
}

type ViolatingRow = Omit<ViolatingEvents, 'family'> & { readonly topic: string };

/** Depth, holes and violations: from the ends of queues and from counts, never from events. */
export async function readFlowFacts(
  { pool, workspaceId, names }: { readonly pool: Pool; readonly workspaceId: number; readonly names: QueueNames },
  range: { readonly from: Micros; readonly to: Micros },
): Promise<FlowFacts> {
  const asked = [workspaceId, microsToSql(range.from), microsToSql(range.to)];
  const [queues, { rows }, { rows: violating }] = await Promise.all([
    readKnownQueues(pool, workspaceId, names),
    pool.query<TopicRow>(TOPICS, asked),
    pool.query<ViolatingRow>(VIOLATING, asked),
  ]);
  const familyOf = (topic: string) => names.topicName(topic).family;
  const topics = new Map<string, TopicFacts>();
  const factsOf = (topic: string): TopicFacts => {
    const family = familyOf(topic);
    const facts = topics.get(family) ?? { deadLetters: false, depth: null, holes: 0, missing: 0n };
    topics.set(family, facts);
    return facts;
  };
  const roleOf = topicRoles(queues, names);
  for (const row of rows) {
    const facts = factsOf(row.topic);
    const role = roleOf(row);
    facts.deadLetters ||= role === 'dead letter' || role === 'quarantine';
    facts.holes += row.holes;
    facts.missing += BigInt(row.missing);
  }
  for (const { topic, depth } of await readDepths(pool, queues)) {
    const facts = factsOf(topic);
    facts.depth = (facts.depth ?? 0n) + depth;
  }
  return { topics, violating: violating.map(({ topic, ...rest }) => ({ family: familyOf(topic), ...rest })) };
}

/** Of the queues that count and were looked at. */
async function readDepths(pool: Pool, queues: readonly KnownQueue[]) {
  const counted = queues.filter(({ kind }) => kind === 'dead letter').slice(0, MOST_QUEUES);
  if (counted.length === 0) return [];
  const endsOf = await readPlainEnds(pool, counted);
  return counted.flatMap((queue) => {
    const { lookedAt, partitions } = endsOf(queue);
    if (lookedAt === null) return [];
    return [{ topic: queue.topic, depth: partitions.reduce((sum, each) => sum + depthOf(each), 0n) }];
  });
}

// A hole without times on its sides lies where it was noticed.
const TOPICS = `
  select i.topic, c.kafka_id as cluster, count(h.incarnation_id)::int as holes,
    coalesce(sum(h.to_offset - h.from_offset), 0)::text as missing
  from incarnation i join cluster c on c.id = i.cluster_id
  left join hole h on h.incarnation_id = i.id and coalesce(h.from_time, h.noticed_at) < ${timeSql('$3')}
    and greatest(coalesce(h.to_time, h.noticed_at), coalesce(h.from_time, h.noticed_at)) >= ${timeSql('$2')}
  where i.workspace_id = $1 group by 1, 2`;

const VIOLATING = `
  select i.topic, y.label as "eventType", coalesce(s.label, '') as service, n.events
  from (
    select incarnation_id, type_id, service_id, sum(records)::float8 as events from ingest_count
    where workspace_id = $1 and occurred_minute >= ${timeSql('$2')} and occurred_minute < ${timeSql('$3')}
      and schema_status in (${VIOLATING_CODES.join(', ')})
    group by 1, 2, 3 having sum(records) > 0
  ) n join incarnation i on i.id = n.incarnation_id join name y on y.id = n.type_id
  left join name s on s.id = n.service_id`;
