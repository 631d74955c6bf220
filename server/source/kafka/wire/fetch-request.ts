import { ByteReader, ByteWriter } from './kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from './kafka-request.ts';
import type { AbortedTransaction } from './record-batch.ts';

export interface FetchPartition {
  readonly topic: string;
  readonly topicId: string | null;
  readonly partition: number;
  readonly offset: bigint;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: bigint;
  /** First offset the log still holds. */
  readonly logStart: bigint;
  readonly aborted: readonly AbortedTransaction[];
  readonly log: Buffer;
}

export interface FetchLimits {
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly partitionMaxBytes: number;
}

const READ_COMMITTED = 1;

/**
 * Fetch of committed records. Version 13 names topics by id, so a topic that was deleted and created again answers with
 * an error instead of another topic's records; version 11 stands in where a broker has no ids.
 */
export function fetchRequest(
  maxVersion: number,
  partitions: readonly FetchPartition[],
  limits: FetchLimits,
): KafkaRequest<readonly FetchedPartition[]> {
  const byId = maxVersion >= 13 && partitions.every(({ topicId }) => topicId !== null);
  const version = byId ? 13 : Math.min(11, maxVersion);
  const topics = groupByTopic(partitions);
  const body = new ByteWriter().tags(byId);
  body.int32(-1).int32(limits.maxWaitMs).int32(1).int32(limits.maxBytes).int8(READ_COMMITTED);
  if (version >= 7) body.int32(0).int32(-1); // no fetch session
  body.array([...topics.values()], byId, (group) => {
    if (byId) body.uuid(group[0]?.topicId ?? null);
    else body.string(group[0]?.topic ?? '');
    body.array(group, byId, ({ partition, offset }) => {
      body.int32(partition);
      if (version >= 9) body.int32(-1); // leader epoch not known
      body.int64(offset);
      if (version >= 12) body.int32(-1); // last fetched epoch
      if (version >= 5) body.int64(-1n); // log start, for followers
      body.int32(limits.partitionMaxBytes).tags(byId);
    });
    body.tags(byId);
  });
  if (version >= 7) body.array([], byId, () => undefined); // forgotten topics
  if (version >= 11) body.string('', byId); // rack
  const names = new Map(partitions.map(({ topic, topicId }) => [topicId, topic]));
  return {
    apiKey: API_KEYS.fetch,
    apiName: 'Fetch',
    apiVersion: version,
    body: body.tags(byId).toBuffer(),
    decode: (response) => decodeFetch(new ByteReader(response), version, names),
  };
}

function groupByTopic(partitions: readonly FetchPartition[]): Map<string, FetchPartition[]> {
  const groups = new Map<string, FetchPartition[]>();
  for (const partition of partitions) {
    const group = groups.get(partition.topic);
    if (group === undefined) groups.set(partition.topic, [partition]);
    else group.push(partition);
  }
  return groups;
}

/** An error of the whole answer, e.g. an unknown session; by Kafka's error code. */
export class FetchFailedError extends Error {
  readonly code = 'fetch_failed';
}

function decodeFetch(
  reader: ByteReader,
  version: number,
  names: ReadonlyMap<string | null, string>,
): readonly FetchedPartition[] {
  const flexible = version >= 12;
  reader.tags(flexible);
  reader.int32(); // throttle time
  if (version >= 7) {
    const errorCode = reader.int16();
    reader.int32(); // session
    if (errorCode !== 0) throw new FetchFailedError(`the broker refused to answer a fetch (Kafka error ${errorCode})`);
  }
  return reader
    .array(flexible, () => {
      const topic = version >= 13 ? names.get(reader.uuid()) : (reader.string(flexible) ?? '');
      const partitions = reader.array(flexible, () => decodeFetchedPartition(reader, version, topic ?? ''));
      reader.tags(flexible);
      return partitions;
    })
    .flat();
}

function decodeFetchedPartition(reader: ByteReader, version: number, topic: string): FetchedPartition {
  const flexible = version >= 12;
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = reader.int64();
  reader.int64(); // last stable offset
  const logStart = version >= 5 ? reader.int64() : -1n;
  const aborted = reader.array(flexible, () => {
    const transaction = { producerId: reader.int64(), firstOffset: reader.int64() };
    reader.tags(flexible);
    return transaction;
  });
  if (version >= 11) reader.int32(); // preferred read replica
  const log = reader.lengthBytes(flexible) ?? Buffer.alloc(0);
  reader.tags(flexible);
  return { topic, partition, errorCode, highWatermark, logStart, aborted, log };
}
