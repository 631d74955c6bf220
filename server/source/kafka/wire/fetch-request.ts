import { ByteReader, ByteWriter } from './kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from './kafka-request.ts';
import type { AbortedTransaction } from './record-batch.ts';

/** From this version on a broker keeps fetch sessions. */
const SESSION_VERSION = 7;

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

/** What one fetch asks; see `FetchSession`. */
export interface FetchAsked {
  readonly sessionId: number;
  readonly epoch: number;
  readonly changed: readonly FetchPartition[];
  readonly forgotten: readonly FetchPartition[];
  /** The topic's name by its id, of all topics that an answer may be about. */
  nameOf(topicId: string): string | undefined;
}

export interface FetchAnswer {
  /** Kafka's error code of the whole answer; no partitions then. */
  readonly errorCode: number;
  /** 0: the broker keeps no session. */
  readonly sessionId: number;
  readonly partitions: readonly FetchedPartition[];
}

const READ_COMMITTED = 1;

/** The version that a broker is asked in; a session must not change between topic ids and names. */
export function fetchVersion(maxVersion: number, allHaveIds: boolean): number {
  return allHaveIds && maxVersion >= 13 ? 13 : Math.min(11, maxVersion);
}

/**
 * Fetch of committed records. Version 13 names topics by id, so a topic that was deleted and created again answers with
 * an error instead of another topic's records; version 11 stands in where a broker has no ids.
 */
export function fetchRequest(version: number, asked: FetchAsked, limits: FetchLimits): KafkaRequest<FetchAnswer> {
  const byId = version >= 13;
  const topics = groupByTopic(asked.changed);
  const body = new ByteWriter().tags(byId);
  body.int32(-1).int32(limits.maxWaitMs).int32(1).int32(limits.maxBytes).int8(READ_COMMITTED);
  if (version >= SESSION_VERSION) body.int32(asked.sessionId).int32(asked.epoch);
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
  if (version >= SESSION_VERSION) writeForgotten(body, asked.forgotten, byId);
  if (version >= 11) body.string('', byId); // rack
  return {
    apiKey: API_KEYS.fetch,
    apiName: 'Fetch',
    apiVersion: version,
    body: body.tags(byId).toBuffer(),
    decode: (response) => decodeFetch(new ByteReader(response), version, asked),
  };
}

function writeForgotten(body: ByteWriter, forgotten: readonly FetchPartition[], byId: boolean): void {
  body.array([...groupByTopic(forgotten).values()], byId, (group) => {
    if (byId) body.uuid(group[0]?.topicId ?? null);
    else body.string(group[0]?.topic ?? '');
    body.array(group, byId, ({ partition }) => body.int32(partition)).tags(byId);
  });
}

/** By topic in one life: of a topic that was created again the old one may be forgotten and the new one asked. */
function groupByTopic(partitions: readonly FetchPartition[]): Map<string, FetchPartition[]> {
  const groups = new Map<string, FetchPartition[]>();
  for (const partition of partitions) {
    const key = partition.topicId ?? partition.topic;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [partition]);
    else group.push(partition);
  }
  return groups;
}

function decodeFetch(reader: ByteReader, version: number, { nameOf }: FetchAsked): FetchAnswer {
  const flexible = version >= 12;
  reader.tags(flexible);
  reader.int32(); // throttle time
  const errorCode = version >= SESSION_VERSION ? reader.int16() : 0;
  const sessionId = version >= SESSION_VERSION ? reader.int32() : 0;
  const partitions = reader.array(flexible, () => {
    const topic = version >= 13 ? nameOf(reader.uuid() ?? '') : (reader.string(flexible) ?? '');
    const fetched = reader.array(flexible, () => decodeFetchedPartition(reader, version, topic ?? ''));
    reader.tags(flexible);
    return fetched;
  });
  return { errorCode, sessionId, partitions: partitions.flat() };
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
