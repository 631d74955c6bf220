import { ByteReader, ByteWriter } from './kafka-bytes.ts';
import type { AbortedTransaction } from './record-batch.ts';

/** One request that this file encodes and decodes itself, tolerant of errors in single topics. */
export interface KafkaRequest<T> {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly body: Buffer;
  decode(response: Buffer): T;
}

export const API_KEYS = { fetch: 1, listOffsets: 2, metadata: 3 } as const;

export interface PartitionMetadata {
  readonly partition: number;
  readonly errorCode: number;
  /** Node id of the leader; −1 for none. */
  readonly leader: number;
}

export interface TopicMetadata {
  readonly topic: string;
  readonly topicId: string | null;
  readonly errorCode: number;
  readonly internal: boolean;
  readonly partitions: readonly PartitionMetadata[];
}

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface ClusterMetadata {
  readonly clusterId: string | null;
  readonly brokers: readonly BrokerAddress[];
  readonly topics: readonly TopicMetadata[];
}

/**
 * Metadata of all topics, versions 5 to 12. kafkajs stops at 6 and throws for all topics when one has an error; topic ids
 * come with version 10. In flexible versions (9 and up) the request header ends with tagged fields, which kafkajs does not
 * write: hence the empty ones first in the body.
 */
export function metadataRequest(maxVersion: number): KafkaRequest<ClusterMetadata> {
  const version = Math.min(12, maxVersion);
  const flexible = version >= 9;
  const body = new ByteWriter().tags(flexible);
  if (flexible) body.uvarint(0);
  else body.int32(-1);
  body.int8(0); // never create a topic
  if (version >= 8) {
    if (version <= 10) body.int8(0);
    body.int8(0);
  }
  return {
    apiKey: API_KEYS.metadata,
    apiName: 'Metadata',
    apiVersion: version,
    body: body.tags(flexible).toBuffer(),
    decode: (response) => decodeMetadata(new ByteReader(response), version),
  };
}

function decodeMetadata(reader: ByteReader, version: number): ClusterMetadata {
  const flexible = version >= 9;
  reader.tags(flexible);
  reader.int32(); // throttle time
  const brokers = reader.array(flexible, () => {
    const broker = { nodeId: reader.int32(), host: reader.string(flexible) ?? '', port: reader.int32() };
    reader.string(flexible); // rack
    reader.tags(flexible);
    return broker;
  });
  const clusterId = reader.string(flexible);
  reader.int32(); // controller
  const topics = reader.array(flexible, () => decodeTopic(reader, version, flexible));
  return { clusterId, brokers, topics };
}

function decodeTopic(reader: ByteReader, version: number, flexible: boolean): TopicMetadata {
  const errorCode = reader.int16();
  const topic = reader.string(flexible) ?? '';
  const topicId = version >= 10 ? reader.uuid() : null;
  const internal = reader.int8() !== 0;
  const partitions = reader.array(flexible, () => {
    const partition = { errorCode: reader.int16(), partition: reader.int32(), leader: reader.int32() };
    if (version >= 7) reader.int32(); // leader epoch
    for (let list = 0; list < 3; list += 1) reader.array(flexible, () => reader.int32()); // replicas, in sync, offline
    reader.tags(flexible);
    return partition;
  });
  if (version >= 8) reader.int32(); // authorised operations
  reader.tags(flexible);
  return { topic, topicId, errorCode, internal, partitions };
}

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

/** What to look for: the first offset, the end, or the first record at or after a time (ms). */
export const OFFSET_QUERY = { low: -2n, high: -1n } as const;

export interface OffsetQuery {
  readonly topic: string;
  readonly partition: number;
  readonly at: bigint;
}

export interface FoundOffset {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** −1 when no record is that young. */
  readonly offset: bigint;
}

/** ListOffsets version 1: one offset per partition, an error in one leaves the others alone. */
export function listOffsetsRequest(queries: readonly OffsetQuery[]): KafkaRequest<readonly FoundOffset[]> {
  const body = new ByteWriter().int32(-1);
  body.array(queries, false, ({ topic, partition, at }) => {
    body.string(topic).array([partition], false, (index) => body.int32(index).int64(at));
  });
  return {
    apiKey: API_KEYS.listOffsets,
    apiName: 'ListOffsets',
    apiVersion: 1,
    body: body.toBuffer(),
    decode: (response) => decodeOffsets(new ByteReader(response)),
  };
}

function decodeOffsets(reader: ByteReader): readonly FoundOffset[] {
  return reader
    .array(false, () => {
      const topic = reader.string() ?? '';
      return reader.array(false, () => {
        const partition = reader.int32();
        const errorCode = reader.int16();
        reader.int64(); // timestamp
        return { topic, partition, errorCode, offset: reader.int64() };
      });
    })
    .flat();
}
