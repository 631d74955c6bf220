import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from '../wire/kafka-request.ts';

/** What a group committed on one partition. */
export interface FetchedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** The next offset the group will read; −1 for none. */
  readonly offset: bigint;
}

/** All committed offsets of one group; with an error code the list says nothing. */
export interface GroupOffsets {
  readonly group: string;
  readonly errorCode: number;
  readonly offsets: readonly FetchedOffset[];
}

/** Groups in one request from version 8 on: bounds the size of an answer. */
const GROUPS_AT_ONCE = 100;

/**
 * OffsetFetch for all partitions of many groups of one coordinator: versions 2 to 9. From version 8 on (KIP-709) a
 * request asks for many groups, before it for one. Version 10 names topics by id alone and tells nothing more: Kafka
 * keeps commits by name.
 */
export function fetchOffsetsRequests(
  groups: readonly string[],
  maxVersion: number,
): readonly KafkaRequest<readonly GroupOffsets[]>[] {
  const version = Math.min(9, Math.max(2, maxVersion));
  if (version < 8) return groups.map((group) => fetchOne(group, version));
  const requests: KafkaRequest<readonly GroupOffsets[]>[] = [];
  for (let from = 0; from < groups.length; from += GROUPS_AT_ONCE) {
    requests.push(fetchMany(groups.slice(from, from + GROUPS_AT_ONCE), version));
  }
  return requests;
}

function fetchMany(groups: readonly string[], version: number): KafkaRequest<readonly GroupOffsets[]> {
  const body = new ByteWriter().tags(true);
  body.array(groups, true, (group) => {
    body.string(group, true);
    if (version >= 9) body.nullableString(null, true).int32(-1); // we are no member of it
    body.nullArray(true).tags(true);
  });
  body.int8(0).tags(true); // offsets of open transactions do not make us wait
  return toRequest(version, body, (reader) => {
    reader.tags(true);
    reader.int32(); // throttle time
    return reader.array(true, () => {
      const group = reader.string(true) ?? '';
      const offsets = decodeTopics(reader, version);
      const errorCode = reader.int16();
      reader.tags(true);
      return { group, errorCode, offsets };
    });
  });
}

function fetchOne(group: string, version: number): KafkaRequest<readonly GroupOffsets[]> {
  const flexible = version >= 6;
  const body = new ByteWriter().tags(flexible).string(group, flexible).nullArray(flexible);
  if (version >= 7) body.int8(0);
  body.tags(flexible);
  return toRequest(version, body, (reader) => {
    reader.tags(flexible);
    if (version >= 3) reader.int32(); // throttle time
    const offsets = decodeTopics(reader, version);
    return [{ group, errorCode: reader.int16(), offsets }];
  });
}

function decodeTopics(reader: ByteReader, version: number): readonly FetchedOffset[] {
  const flexible = version >= 6;
  return reader
    .array(flexible, () => {
      const topic = reader.string(flexible) ?? '';
      const partitions = reader.array(flexible, () => {
        const partition = reader.int32();
        const offset = reader.int64();
        if (version >= 5) reader.int32(); // leader epoch
        reader.string(flexible); // metadata
        const errorCode = reader.int16();
        reader.tags(flexible);
        return { topic, partition, offset, errorCode };
      });
      reader.tags(flexible);
      return partitions;
    })
    .flat();
}

function toRequest(
  version: number,
  body: ByteWriter,
  decode: (reader: ByteReader) => readonly GroupOffsets[],
): KafkaRequest<readonly GroupOffsets[]> {
  return {
    apiKey: API_KEYS.offsetFetch,
    apiName: 'OffsetFetch',
    apiVersion: version,
    body: body.toBuffer(),
    decode: (response) => decode(new ByteReader(response)),
  };
}
