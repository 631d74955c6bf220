import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from '../wire/kafka-request.ts';

/** A group as the broker that coordinates it lists it. */
export interface ListedGroup {
  readonly group: string;
  /** Empty for one that only commits offsets; `consumer` for consumers; others for Connect and the like. */
  readonly protocolType: string;
  /** Null before version 4. */
  readonly state: string | null;
  /** `classic`, `consumer` (KIP-848), `share`, `streams`; null before version 5. */
  readonly type: string | null;
}

export interface GroupListing {
  readonly errorCode: number;
  readonly groups: readonly ListedGroup[];
}

/** ListGroups, versions 0 to 5: the groups that the asked broker coordinates, of every state and type. */
export function listGroupsRequest(maxVersion: number): KafkaRequest<GroupListing> {
  const version = Math.min(5, maxVersion);
  const flexible = version >= 3;
  const body = new ByteWriter().tags(flexible);
  if (version >= 4) body.uvarint(1); // states: none named, so all
  if (version >= 5) body.uvarint(1); // types
  return {
    apiKey: API_KEYS.listGroups,
    apiName: 'ListGroups',
    apiVersion: version,
    body: body.tags(flexible).toBuffer(),
    decode: (response) => decodeListing(new ByteReader(response), version),
  };
}

function decodeListing(reader: ByteReader, version: number): GroupListing {
  const flexible = version >= 3;
  reader.tags(flexible);
  if (version >= 1) reader.int32(); // throttle time
  const errorCode = reader.int16();
  const groups = reader.array(flexible, () => {
    const listed = {
      group: reader.string(flexible) ?? '',
      protocolType: reader.string(flexible) ?? '',
      state: version >= 4 ? reader.string(flexible) : null,
      type: version >= 5 ? (reader.string(flexible)?.toLowerCase() ?? null) : null,
    };
    reader.tags(flexible);
    return listed;
  });
  return { errorCode, groups };
}
