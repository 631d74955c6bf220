import type { BackfillSurvey, BegunPosition } from '../../../ports/source.ts';
import { listOffsets, partitionKey } from '../cluster/offsets.ts';
import type { TopicMap } from '../cluster/topic-map.ts';
import type { KafkaConnection } from '../connection/kafka-connection.ts';
import { describeLogDirsRequest } from '../wire/describe-log-dirs-request.ts';
import { OFFSET_QUERY } from '../wire/list-offsets-request.ts';

/** What is left of a partition's first backfill, in offsets; 0 for one that has none, or is past it. */
export function backfillLeft({ nextOffset, backfillEnd }: BegunPosition): bigint {
  if (backfillEnd === null || backfillEnd <= nextOffset) return 0n;
  return backfillEnd - nextOffset;
}

/**
 * How many records and bytes the first backfill of these partitions has left to read. Bytes are what their leaders say
 * the logs take, scaled by the share of offsets to read; null when any leader does not say.
 */
export async function surveyBackfill(positions: readonly BegunPosition[], topics: TopicMap): Promise<BackfillSurvey> {
  const behind = positions.filter((position) => backfillLeft(position) > 0n);
  const records = behind.reduce((sum, position) => sum + backfillLeft(position), 0n);
  if (behind.length === 0) return { records, bytes: 0n, bytesFrom: 'brokers' };
  const lows = await listOffsets(behind, OFFSET_QUERY.low, topics.leaderOf);
  const highs = await listOffsets(behind, OFFSET_QUERY.high, topics.leaderOf);
  const sizes = await logSizes(behind, topics);
  let bytes = 0n;
  for (const position of behind) {
    const key = partitionKey(position);
    const [low, high, size] = [lows.get(key), highs.get(key), sizes.get(key)];
    if (low === undefined || high === undefined || size === undefined) return { records, bytes: null, bytesFrom: null };
    bytes += shareOf(size, backfillLeft(position), high - low);
  }
  return { records, bytes, bytesFrom: 'brokers' };
}

function shareOf(size: bigint, left: bigint, all: bigint): bigint {
  return all <= 0n ? 0n : (size * (left < all ? left : all)) / all;
}

async function logSizes(partitions: readonly BegunPosition[], topics: TopicMap): Promise<ReadonlyMap<string, bigint>> {
  const byLeader = new Map<KafkaConnection, Map<string, number[]>>();
  for (const position of partitions) {
    const leader = await topics.leaderOf(position);
    if (leader === null) continue;
    const ofLeader = byLeader.get(leader) ?? new Map<string, number[]>();
    ofLeader.set(position.topic, [...(ofLeader.get(position.topic) ?? []), position.partition]);
    byLeader.set(leader, ofLeader);
  }
  const sizes = new Map<string, bigint>();
  for (const [leader, asked] of byLeader) {
    for (const size of await leader.send(describeLogDirsRequest(asked))) sizes.set(partitionKey(size), size.bytes);
  }
  return sizes;
}
