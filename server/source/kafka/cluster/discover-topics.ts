import { type DiscoveredTopic, MAY_NOT_READ } from '../../../ports/source.ts';
import type { KafkaConnection } from '../connection/kafka-connection.ts';
import { API_KEYS } from '../wire/kafka-request.ts';
import { type ClusterMetadata, metadataRequest, type TopicMetadata } from '../wire/metadata-request.ts';
import { partitionKey } from './offsets.ts';

/** Which topics to read: names that match an include (all, when there is none) and no exclude. */
export interface TopicChoice {
  readonly include?: readonly RegExp[];
  readonly exclude?: readonly RegExp[];
}

/** The cluster as it is now. */
export interface Discovery {
  readonly clusterId: string;
  readonly brokers: ClusterMetadata['brokers'];
  readonly topics: readonly DiscoveredTopic[];
  readonly unreadable: readonly { readonly topic: string; readonly reason: string }[];
  /** Node id of a partition's leader, by `partitionKey`; null while it has none. */
  leaderOf(key: string): number | null;
}

const INTERNAL = new Set(['__consumer_offsets', '__transaction_state', '__share_group_state']);

/** Asks for all topics. An error of one topic or partition makes that one unreadable and leaves the others alone. */
export async function discoverTopics(
  connection: Pick<KafkaConnection, 'send' | 'maxVersion'>,
  choice: TopicChoice,
): Promise<Discovery> {
  const metadata = await connection.send(metadataRequest(connection.maxVersion(API_KEYS.metadata)));
  const chosen = metadata.topics.filter((topic) => isChosen(topic, choice));
  const leaders = new Map<string, number>();
  const unreadable: { topic: string; reason: string }[] = [];
  for (const topic of chosen) {
    const trouble = troubleOf(topic);
    if (trouble !== null) unreadable.push({ topic: topic.topic, reason: trouble });
    for (const { partition, leader } of topic.partitions)
      if (leader >= 0) leaders.set(partitionKey({ topic: topic.topic, partition }), leader);
  }
  return {
    clusterId: metadata.clusterId ?? 'unknown',
    brokers: metadata.brokers,
    topics: chosen.filter(({ partitions }) => partitions.length > 0).map(toDiscovered),
    unreadable,
    leaderOf: (key) => leaders.get(key) ?? null,
  };
}

function isChosen({ topic, internal }: TopicMetadata, { include, exclude }: TopicChoice): boolean {
  if (internal || topic === '' || INTERNAL.has(topic)) return false;
  if (include !== undefined && include.length > 0 && !include.some((pattern) => pattern.test(topic))) return false;
  return !(exclude ?? []).some((pattern) => pattern.test(topic));
}

/** Partition numbers run from 0 without gaps; those without a leader are counted too, so the count never shrinks. */
function toDiscovered({ topic, topicId, partitions }: TopicMetadata): DiscoveredTopic {
  const highest = partitions.reduce((most, { partition }) => Math.max(most, partition), 0);
  return { topic, topicId, partitions: highest + 1 };
}

function troubleOf(topic: TopicMetadata): string | null {
  if (topic.errorCode !== 0) return topicTrouble(topic.errorCode);
  const leaderless = topic.partitions.filter(({ leader }) => leader < 0).map(({ partition }) => partition);
  if (leaderless.length === 0) return null;
  const named = leaderless.slice(0, 10).join(', ');
  return `No broker leads partition ${named}${leaderless.length > 10 ? ' and more' : ''}.`;
}

/** A Kafka error code of a topic in words. */
export function topicTrouble(errorCode: number): string {
  switch (errorCode) {
    case 3:
    case 100:
    case 103:
      return 'The topic is being created or deleted.';
    case 5:
      return 'No broker leads the topic.';
    case 17:
      return 'The broker says that the name is no valid topic name.';
    case 29:
      return MAY_NOT_READ;
    default:
      return `The broker answers with Kafka error ${errorCode}.`;
  }
}
