import type { BegunPosition, TopicPartition } from '../../../ports/source.ts';
import type { SessionContext } from '../session-context.ts';
import { OFFSET_QUERY } from '../wire/list-offsets-request.ts';
import { listOffsets, partitionKey, startOffsets } from './offsets.ts';
import type { TopicMap } from './topic-map.ts';

/**
 * Sees to it that each partition has a stored position, and answers with those that have one. What was never stored is
 * begun, all of it in one statement: by the start rule where it stood at the cluster's first start, at its low watermark
 * everywhere else. A partition that no leader tells of is left out.
 */
export async function begunPartitions(
  { ask, sink, options }: SessionContext,
  topics: TopicMap,
  partitions: readonly TopicPartition[],
): Promise<readonly TopicPartition[]> {
  const positions = await ask(() => sink.positions(partitions));
  const unknown = positions.filter(({ nextOffset }) => nextOffset === null);
  if (unknown.length === 0) return partitions;
  const beginnings = await beginningsOf(unknown, topics, options);
  if (beginnings.length > 0) await ask(() => sink.begin(beginnings));
  const begun = new Set(beginnings.map(partitionKey));
  return positions.filter((each) => each.nextOffset !== null || begun.has(partitionKey(each)));
}

async function beginningsOf(
  unknown: readonly TopicPartition[],
  topics: TopicMap,
  options: SessionContext['options'],
): Promise<readonly BegunPosition[]> {
  const stoodAtFirst = ({ topic, partition }: TopicPartition): boolean =>
    partition < (topics.firstStartOf(topic)?.partitions ?? 0);
  const atFirst = unknown.filter(stoodAtFirst);
  const later = unknown.filter((partition) => !stoodAtFirst(partition));
  // All topics of the first start have the same moment: they were registered in one statement.
  const [first] = atFirst;
  const lows = await listOffsets(later, OFFSET_QUERY.low, topics.leaderOf);
  const atMs = first === undefined ? 0 : (topics.firstStartOf(first.topic)?.atMs ?? 0);
  const starts = await startOffsets(atFirst, { rule: options.start, atMs }, options.clock, topics.leaderOf);
  const ends = await listOffsets(atFirst, OFFSET_QUERY.high, topics.leaderOf);
  const beginning = (partition: TopicPartition): readonly BegunPosition[] => {
    const key = partitionKey(partition);
    const nextOffset = starts.get(key) ?? lows.get(key);
    if (nextOffset === undefined) return [];
    const { incarnationId, topic, partition: index } = partition;
    return [{ incarnationId, topic, partition: index, nextOffset, backfillEnd: ends.get(key) ?? null }];
  };
  return unknown.flatMap(beginning);
}
