import type { ClusterLook } from '../ports/cluster-watch.ts';
import type { WatchedTopic } from '../ports/watch-store.ts';
import { placeKey } from './round-memory.ts';

/** One partition of one life of a topic, as it was seen in a look. */
export interface WatchedPlace {
  readonly key: string;
  readonly topic: string;
  readonly incarnationId: number;
  readonly partition: number;
  readonly low: bigint;
  readonly high: bigint;
}

/** The partitions of a look that belong to a life of a topic that the tap knows. */
export interface WatchedPlaces {
  readonly list: readonly WatchedPlace[];
  /** Of an offset that names topic and partition; nothing for one that is not looked at. */
  find(topic: string, partition: number): WatchedPlace | undefined;
  readonly byKey: ReadonlyMap<string, WatchedPlace>;
  readonly failed: readonly { readonly incarnationId: number; readonly why: string }[];
}

/**
 * Joins what was seen to the lives of topics by Kafka's topic id, and by name where the broker has none. A topic whose
 * new life is not registered yet is left for a later round.
 */
export function watchedPlaces(look: ClusterLook, topics: readonly WatchedTopic[]): WatchedPlaces {
  const byName = new Map(topics.map((topic) => [topic.topic, topic]));
  const byKey = new Map<string, WatchedPlace>();
  const byTopic = new Map<string, Map<number, WatchedPlace>>();
  const failed: { incarnationId: number; why: string }[] = [];
  for (const seen of look.topics) {
    const known = byName.get(seen.topic);
    if (known === undefined) continue;
    if (!sameLife(known.topicId, seen.topicId)) {
      failed.push({ incarnationId: known.incarnationId, why: 'The topic was created anew.' });
      continue;
    }
    const { incarnationId } = known;
    if (seen.trouble !== null) failed.push({ incarnationId, why: seen.trouble });
    const partitions = new Map<number, WatchedPlace>();
    for (const { partition, low, high } of seen.partitions) {
      const key = placeKey(incarnationId, partition);
      const place = { key, topic: seen.topic, incarnationId, partition, low, high };
      partitions.set(partition, place);
      byKey.set(key, place);
    }
    byTopic.set(seen.topic, partitions);
  }
  return { list: [...byKey.values()], byKey, failed, find: (topic, partition) => byTopic.get(topic)?.get(partition) };
}

function sameLife(known: string | null, seen: string | null): boolean {
  return known === null || seen === null || known.toLowerCase() === seen.toLowerCase();
}
