import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from '../wire/kafka-request.ts';

/** Which broker coordinates a group. */
export interface FoundCoordinator {
  readonly group: string;
  readonly errorCode: number;
  readonly nodeId: number;
}

/** Key type of a consumer group; transactions have another. */
const GROUP = 0;

/** FindCoordinator for many groups: one request from version 4 (KIP-699) on, one a group before. */
export function findCoordinatorsRequests(
  groups: readonly string[],
  maxVersion: number,
): readonly KafkaRequest<readonly FoundCoordinator[]>[] {
  const version = Math.min(4, maxVersion);
  if (version < 4) return groups.map((group) => findOne(group, version));
  const body = new ByteWriter().tags(true).int8(GROUP);
  body.array(groups, true, (group) => body.string(group, true)).tags(true);
  return [toRequest(version, body, (reader) => decodeMany(reader))];
}

function findOne(group: string, version: number): KafkaRequest<readonly FoundCoordinator[]> {
  const flexible = version >= 3;
  const body = new ByteWriter().tags(flexible).string(group, flexible);
  if (version >= 1) body.int8(GROUP);
  body.tags(flexible);
  return toRequest(version, body, (reader) => {
    reader.tags(flexible);
    if (version >= 1) reader.int32(); // throttle time
    const errorCode = reader.int16();
    if (version >= 1) reader.string(flexible); // error message
    return [{ group, errorCode, nodeId: reader.int32() }];
  });
}

function decodeMany(reader: ByteReader): readonly FoundCoordinator[] {
  reader.tags(true);
  reader.int32(); // throttle time
  return reader.array(true, () => {
    const group = reader.string(true) ?? '';
    const nodeId = reader.int32();
    reader.string(true); // host
    reader.int32(); // port
    const errorCode = reader.int16();
    reader.string(true); // error message
    reader.tags(true);
    return { group, errorCode, nodeId };
  });
}

function toRequest(
  version: number,
  body: ByteWriter,
  decode: (reader: ByteReader) => readonly FoundCoordinator[],
): KafkaRequest<readonly FoundCoordinator[]> {
  return {
    apiKey: API_KEYS.findCoordinator,
    apiName: 'FindCoordinator',
    apiVersion: version,
    body: body.toBuffer(),
    decode: (response) => decode(new ByteReader(response)),
  };
}
