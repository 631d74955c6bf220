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

/** A start rule as of the moment at which a tap first saw the cluster. */
export interface FirstStart {
  readonly rule: StartRule;
  readonly atMs: number;
}

/** Up to this long after the first start its rule is taken as it is written. */
const AT_ONCE_MS = 60_000;

/**
 * The offset at which each partition begins that stood at the first start. One that is begun late (it had no leader, or
 * the tap was killed in between) begins where it would have begun then, as well as times tell that.
 */
export async function startOffsets(
  partitions: readonly NamedPartition[],
  { rule, atMs }: FirstStart,
  clock: Clock,
  leaderOf: LeaderOf,
): Promise<Offsets> {
  if (rule.kind === 'beginning') return listOffsets(partitions, OFFSET_QUERY.low, leaderOf);
  const ends = await listOffsets(partitions, OFFSET_QUERY.high, leaderOf);
  if (rule.kind === 'end' && clock.now() - atMs < AT_ONCE_MS) return ends;
  const sinceMs = rule.kind === 'end' ? atMs : atMs - rule.ms;
  const since = await listOffsets(partitions, BigInt(Math.max(0, Math.floor(sinceMs))), leaderOf);
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
  if (partitions.length === 0) return new Map();
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
