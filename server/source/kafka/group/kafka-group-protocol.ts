import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';

/** Name of the one assignment protocol that taps speak among themselves. */
export const ASSIGNMENT_PROTOCOL = 'throughline';

/** A partition by name, as a consumer group shares it out. */
export interface NamedPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What a member sends when it joins: Kafka's own form, so that lag tools show the topics. */
export function encodeSubscription(topics: readonly string[]): Buffer {
  const body = new ByteWriter().int16(0);
  return body
    .array(topics, false, (topic) => body.string(topic))
    .int32(-1)
    .toBuffer();
}

/** The partitions of one member in Kafka's own form. */
export function encodeAssignment(partitions: readonly NamedPartition[]): Buffer {
  const groups = new Map<string, number[]>();
  for (const { topic, partition } of partitions) groups.set(topic, [...(groups.get(topic) ?? []), partition]);
  const body = new ByteWriter().int16(0);
  body.array([...groups], false, ([topic, ids]) => body.string(topic).array(ids, false, (id) => body.int32(id)));
  return body.int32(-1).toBuffer();
}

/** What `encodeAssignment` wrote; a member without partitions may get no bytes at all. */
export function decodeAssignment(bytes: Buffer): NamedPartition[] {
  if (bytes.length === 0) return [];
  const reader = new ByteReader(bytes);
  reader.int16();
  return reader
    .array(false, () => {
      const topic = reader.string() ?? '';
      return reader.array(false, () => ({ topic, partition: reader.int32() }));
    })
    .flat();
}

/** Shares partitions out evenly; each member gets every n-th, so a busy topic is spread over all. */
export function shareOut(
  members: readonly string[],
  partitions: readonly NamedPartition[],
): ReadonlyMap<string, readonly NamedPartition[]> {
  const sorted = [...members].sort();
  const shares = new Map<string, NamedPartition[]>(sorted.map((member) => [member, []]));
  partitions.forEach((partition, index) => {
    shares.get(sorted[index % sorted.length] ?? '')?.push(partition);
  });
  return shares;
}
