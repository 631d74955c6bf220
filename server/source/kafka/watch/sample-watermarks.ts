import type { Millis } from '../../../model/time.ts';
import { topicTrouble } from '../cluster/discover-topics.ts';
import { partitionKey } from '../cluster/offsets.ts';
import type { NamedPartition } from '../group/kafka-group-protocol.ts';
import { type FoundOffset, listOffsetsRequest, OFFSET_QUERY } from '../wire/list-offsets-request.ts';
import type { ClusterMetadata } from '../wire/metadata-request.ts';
import type { BrokerAsks } from './broker-asks.ts';
import type { WatchMemory } from './watch-memory.ts';

/** High and low watermark of each partition that answered, and why others did not. */
export interface Watermarks {
  readonly highs: ReadonlyMap<string, bigint>;
  readonly lows: ReadonlyMap<string, bigint>;
  /** One reason for each topic with a partition that did not answer. */
  readonly troubles: ReadonlyMap<string, string>;
}

/** Low watermarks move by retention alone, which looks every five minutes by default. */
const LOWS_AGAIN_MS = 30_000;

/** Asks every leader for the ends of all its partitions at once, and now and then for their beginnings. */
export async function sampleWatermarks(
  asks: BrokerAsks,
  metadata: ClusterMetadata,
  wanted: ReadonlySet<string>,
  memory: WatchMemory,
  now: Millis,
): Promise<Watermarks> {
  const troubles = new Map<string, string>();
  const byLeader = new Map<number, NamedPartition[]>();
  for (const { topic, errorCode, partitions } of metadata.topics) {
    if (!wanted.has(topic)) continue;
    if (errorCode !== 0) troubles.set(topic, topicTrouble(errorCode));
    for (const { partition, leader } of partitions) {
      if (leader < 0) troubles.set(topic, `No broker leads partition ${partition}.`);
      else byLeader.set(leader, [...(byLeader.get(leader) ?? []), { topic, partition }]);
    }
  }
  const highs = await ask(OFFSET_QUERY.high);
  const ids = new Map(metadata.topics.map(({ topic, topicId }) => [topic, topicId]));
  const isAnew = [...wanted].some((topic) => ids.get(topic) !== memory.lowsOf.get(topic));
  const isFresh = [...highs.keys()].some((key) => !memory.lows.has(key));
  if (isAnew || isFresh || memory.lowsAt === null || now - memory.lowsAt >= LOWS_AGAIN_MS) {
    memory.lows = await ask(OFFSET_QUERY.low);
    memory.lowsOf = ids;
    memory.lowsAt = now;
  }
  return { highs, lows: memory.lows, troubles };

  async function ask(at: bigint): Promise<ReadonlyMap<string, bigint>> {
    const found = await Promise.all([...byLeader].map(([leader, partitions]) => askLeader(leader, partitions, at)));
    return new Map(found.flat().map((item) => [partitionKey(item), item.offset]));
  }

  async function askLeader(leader: number, partitions: readonly NamedPartition[], at: bigint): Promise<FoundOffset[]> {
    const answer = await asks.ask(leader, () =>
      listOffsetsRequest(partitions.map((partition) => ({ ...partition, at }))),
    );
    if (!answer.ok) {
      for (const { topic } of partitions) troubles.set(topic, answer.why);
      return [];
    }
    return answer.value.filter(({ topic, partition, errorCode }) => {
      if (errorCode !== 0) troubles.set(topic, `Partition ${partition}: ${topicTrouble(errorCode)}`);
      return errorCode === 0;
    });
  }
}
