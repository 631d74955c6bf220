import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from '../wire/kafka-request.ts';
import type { GroupDescription } from './group-description.ts';

/** ConsumerGroupDescribe, versions 0 and 1: groups of the consumer protocol of KIP-848 of one coordinator. */
export function describeConsumerGroupsRequest(
  groups: readonly string[],
  maxVersion: number,
): KafkaRequest<readonly GroupDescription[]> {
  const version = Math.min(1, maxVersion);
  const body = new ByteWriter().tags(true);
  body.array(groups, true, (group) => body.string(group, true));
  body.int8(0); // without authorised operations
  return {
    apiKey: API_KEYS.consumerGroupDescribe,
    apiName: 'ConsumerGroupDescribe',
    apiVersion: version,
    body: body.tags(true).toBuffer(),
    decode: (response) => decodeDescriptions(new ByteReader(response), version),
  };
}

function decodeDescriptions(reader: ByteReader, version: number): readonly GroupDescription[] {
  reader.tags(true);
  reader.int32(); // throttle time
  return reader.array(true, () => {
    const errorCode = reader.int16();
    reader.string(true); // error message
    const group = reader.string(true) ?? '';
    const state = reader.string(true) ?? '';
    reader.int32(); // group epoch
    reader.int32(); // assignment epoch
    reader.string(true); // assignor
    const members = reader.array(true, () => decodeMember(reader, version));
    reader.int32(); // authorised operations
    reader.tags(true);
    return { group, errorCode, state, members };
  });
}

function decodeMember(reader: ByteReader, version: number) {
  reader.string(true); // member id
  const instanceId = reader.string(true);
  reader.string(true); // rack
  reader.int32(); // member epoch
  const member = { clientId: reader.string(true) ?? '', host: reader.string(true) ?? '', instanceId };
  reader.array(true, () => reader.string(true)); // subscribed topics
  reader.string(true); // subscribed pattern
  skipAssignment(reader);
  skipAssignment(reader); // the one it is on its way to
  if (version >= 1) reader.int8(); // member type
  reader.tags(true);
  return member;
}

function skipAssignment(reader: ByteReader): void {
  reader.array(true, () => {
    reader.uuid();
    reader.string(true);
    reader.array(true, () => reader.int32());
    reader.tags(true);
  });
  reader.tags(true);
}
