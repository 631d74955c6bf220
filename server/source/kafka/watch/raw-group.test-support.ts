import { until } from '../../../../e2e/support/until.ts';
import type { KafkaConnection } from '../connection/kafka-connection.ts';
import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS } from '../wire/kafka-request.ts';
import { findCoordinatorsRequests } from './find-coordinators-request.ts';

const HEARTBEAT = 68;
const OFFSET_COMMIT = 8;
/** The coordinator loads, is not there yet, or is about to be another. */
const WAKING = new Set([14, 15, 16]);
/** Of a commit that no member makes. */
const NOBODY = { memberId: '', epoch: -1 };

/** A member of a group of the consumer protocol of KIP-848, which kafkajs does not speak. */
export interface NewProtocolMember {
  commit(topic: string, partition: number, offset: bigint): Promise<void>;
  leave(): Promise<void>;
}

/** A broker makes the topic of committed offsets when it is first asked who coordinates a group. */
export async function coordinatorReady(to: KafkaConnection): Promise<void> {
  const [request] = findCoordinatorsRequests(['any'], to.maxVersion(API_KEYS.findCoordinator));
  await until('a coordinator', async () => {
    const [found] = request === undefined ? [] : await to.send(request);
    return found?.errorCode === 0;
  });
}

/** Makes a group of the new protocol by joining it; `to` must be its coordinator. */
export async function joinNewProtocol(
  to: KafkaConnection,
  group: string,
  topics: readonly string[],
): Promise<NewProtocolMember> {
  const member = await heartbeat(to, group, NOBODY.memberId, 0, topics);
  return {
    commit: (topic, partition, offset) => commitOffsets(to, group, [{ topic, partition, offset }], member),
    leave: async () => {
      await heartbeat(to, group, member.memberId, -1, null);
    },
  };
}

/** Commits as a group without members does: a group that was not there is made. `to` must be its coordinator. */
export async function commitOffsets(
  to: KafkaConnection,
  group: string,
  offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[],
  { memberId, epoch } = NOBODY,
): Promise<void> {
  const body = new ByteWriter().tags(true).string(group, true).int32(epoch).string(memberId, true);
  body.nullableString(null, true).array(offsets, true, ({ topic, partition, offset }) => {
    body.string(topic, true).array([partition], true, (index) => {
      body.int32(index).int64(offset).int32(-1).nullableString(null, true).tags(true);
    });
    body.tags(true);
  });
  const bytes = body.tags(true).toBuffer();
  await until(`the coordinator of ${group} to take a commit`, async () => {
    const codes = await to.send({
      ...{ apiKey: OFFSET_COMMIT, apiName: 'OffsetCommit', apiVersion: 9, body: bytes },
      decode: (response) => decodeCodes(new ByteReader(response)),
    });
    const refused = codes.find((code) => code !== 0);
    if (refused !== undefined && !WAKING.has(refused)) throw new Error(`a commit was refused with ${refused}`);
    return refused === undefined;
  });
}

function decodeCodes(reader: ByteReader): number[] {
  reader.tags(true);
  reader.int32(); // throttle time
  return reader
    .array(true, () => {
      reader.string(true);
      const codes = reader.array(true, () => {
        reader.int32();
        const code = reader.int16();
        reader.tags(true);
        return code;
      });
      reader.tags(true);
      return codes;
    })
    .flat();
}

async function heartbeat(
  to: KafkaConnection,
  group: string,
  memberId: string,
  epoch: number,
  topics: readonly string[] | null,
): Promise<{ memberId: string; epoch: number }> {
  const body = new ByteWriter().tags(true).string(group, true).string(memberId, true).int32(epoch);
  body
    .nullableString(null, true)
    .nullableString(null, true)
    .int32(epoch === 0 ? 60_000 : -1);
  if (topics === null) body.nullArray(true);
  else body.array(topics, true, (topic) => body.string(topic, true));
  body.nullableString(null, true);
  if (epoch === 0) body.array([], true, () => undefined);
  else body.nullArray(true);
  return to.send({
    ...{ apiKey: HEARTBEAT, apiName: 'ConsumerGroupHeartbeat', apiVersion: 0, body: body.tags(true).toBuffer() },
    decode(response) {
      const reader = new ByteReader(response);
      reader.tags(true);
      reader.int32();
      const errorCode = reader.int16();
      const message = reader.string(true);
      if (errorCode !== 0) throw new Error(`the heartbeat was refused with ${errorCode}: ${message}`);
      return { memberId: reader.string(true) ?? '', epoch: reader.int32() };
    },
  });
}
