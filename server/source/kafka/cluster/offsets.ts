import type { Clock } from '../../../ports/clock.ts';
import type { KafkaConnection } from '../connection/kafka-connection.ts';
import type { NamedPartition } from '../group/kafka-group-protocol.ts';
import { type FoundOffset, listOffsetsRequest, OFFSET_QUERY } from '../wire/list-offsets-request.ts';

/** Where to begin in partitions that were never read. */
export type StartRule =
  | { readonly kind: 'beginning' }
  | { readonly kind: 'end' }
  /** At the first record whose timestamp is at most this old. */
  | { readonly kind: 'ago'; readonly ms: number };

/** Connects to the leader of a partition; null while it has none. */
export type LeaderOf = (partition: NamedPartition) => Promise<KafkaConnection | null>;

/** Offsets by partition; a partition whose leader does not answer is absent. */
export type Offsets = ReadonlyMap<string, bigint>;

export function partitionKey({ topic, partition }: NamedPartition): string {
  return `${topic}/${partition}`;
}

/** The offset at which each partition begins under `rule`. */
export async function startOffsets(
  partitions: readonly NamedPartition[],
  rule: StartRule,
  clock: Clock,
  leaderOf: LeaderOf,
): Promise<Offsets> {
  if (rule.kind === 'beginning') return listOffsets(partitions, OFFSET_QUERY.low, leaderOf);
  const ends = await listOffsets(partitions, OFFSET_QUERY.high, leaderOf);
  if (rule.kind === 'end') return ends;
  const since = await listOffsets(partitions, BigInt(Math.max(0, Math.floor(clock.now() - rule.ms))), leaderOf);
  return new Map([...ends].map(([key, end]) => [key, sinceOr(since.get(key), end)]));
}

/** −1 means that no record is that young: begin at the end. */
function sinceOr(offset: bigint | undefined, end: bigint): bigint {
  return offset === undefined || offset < 0n ? end : offset;
}

/** One question for every partition, one request per leader. `at` is an `OFFSET_QUERY` or a time in ms. */
export async function listOffsets(
  partitions: readonly NamedPartition[],
  at: bigint,
  leaderOf: LeaderOf,
): Promise<Offsets> {
  const groups = new Map<KafkaConnection, NamedPartition[]>();
  for (const partition of partitions) {
    const connection = await leaderOf(partition);
    if (connection === null) continue;
    const group = groups.get(connection) ?? [];
    group.push(partition);
    groups.set(connection, group);
  }
  const found: FoundOffset[] = [];
  for (const [connection, group] of groups) {
    found.push(...(await connection.send(listOffsetsRequest(group.map((partition) => ({ ...partition, at }))))));
  }
  return new Map(found.filter(({ errorCode }) => errorCode === 0).map((item) => [partitionKey(item), item.offset]));
}
