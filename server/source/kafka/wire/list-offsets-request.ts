import { ByteReader, ByteWriter } from './kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from './kafka-request.ts';

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
