import { ByteReader, ByteWriter } from './kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from './kafka-request.ts';

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
 * Metadata of all topics, versions 5 to 12. kafkajs stops at 6 and throws for all topics when one has an error; topic
 * ids come with version 10. In flexible versions (9 and up) the request header ends with tagged fields, which kafkajs
 * does not write: hence the empty ones first in the body.
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
