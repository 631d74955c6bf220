import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from '../wire/kafka-request.ts';
import type { GroupDescription } from './group-description.ts';

/**
 * DescribeGroups, versions 0 to 6: classic groups of one coordinator. It calls a group of another protocol `Dead`, or
 * not found: that says nothing about the group.
 */
export function describeGroupsRequest(
  groups: readonly string[],
  maxVersion: number,
): KafkaRequest<readonly GroupDescription[]> {
  const version = Math.min(6, maxVersion);
  const flexible = version >= 5;
  const body = new ByteWriter().tags(flexible);
  body.array(groups, flexible, (group) => body.string(group, flexible));
  if (version >= 3) body.int8(0); // without authorised operations
  return {
    apiKey: API_KEYS.describeGroups,
    apiName: 'DescribeGroups',
    apiVersion: version,
    body: body.tags(flexible).toBuffer(),
    decode: (response) => decodeDescriptions(new ByteReader(response), version),
  };
}

function decodeDescriptions(reader: ByteReader, version: number): readonly GroupDescription[] {
  const flexible = version >= 5;
  reader.tags(flexible);
  if (version >= 1) reader.int32(); // throttle time
  return reader.array(flexible, () => {
    const errorCode = reader.int16();
    if (version >= 6) reader.string(flexible); // error message
    const group = reader.string(flexible) ?? '';
    const state = reader.string(flexible) ?? '';
    reader.string(flexible); // protocol type
    reader.string(flexible); // protocol
    const members = reader.array(flexible, () => decodeMember(reader, version));
    if (version >= 3) reader.int32(); // authorised operations
    reader.tags(flexible);
    return { group, errorCode, state, members };
  });
}

function decodeMember(reader: ByteReader, version: number) {
  const flexible = version >= 5;
  reader.string(flexible); // member id
  const instanceId = version >= 4 ? reader.string(flexible) : null;
  const member = { clientId: reader.string(flexible) ?? '', host: reader.string(flexible) ?? '', instanceId };
  reader.lengthBytes(flexible); // subscription
  reader.lengthBytes(flexible); // assignment
  reader.tags(flexible);
  return member;
}
