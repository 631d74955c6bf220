import { ByteReader, ByteWriter } from './kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from './kafka-request.ts';

/** How many bytes of a partition lie on the broker that was asked. */
export interface LogSize {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: bigint;
}

/**
 * DescribeLogDirs version 1. A tap that lacks the ACL operation Describe on the cluster is answered with nothing.
 */
export function describeLogDirsRequest(
  topics: ReadonlyMap<string, readonly number[]>,
): KafkaRequest<readonly LogSize[]> {
  const body = new ByteWriter();
  body.array([...topics], false, ([topic, partitions]) => {
    body.string(topic).array(partitions, false, (partition) => body.int32(partition));
  });
  return {
    apiKey: API_KEYS.describeLogDirs,
    apiName: 'DescribeLogDirs',
    apiVersion: 1,
    body: body.toBuffer(),
    decode: (response) => decodeLogDirs(new ByteReader(response)),
  };
}

function decodeLogDirs(reader: ByteReader): readonly LogSize[] {
  reader.int32(); // throttle time
  return reader
    .array(false, () => {
      reader.int16(); // error of this folder: it then lists no partition
      reader.string(); // its path
      return reader.array(false, () => readTopic(reader)).flat();
    })
    .flat();
}

function readTopic(reader: ByteReader): readonly LogSize[] {
  const topic = reader.string() ?? '';
  const all = reader.array(false, () => {
    const size = { topic, partition: reader.int32(), bytes: reader.int64() };
    reader.int64(); // how far a replica is behind
    // A copy that is on its way to another folder would count twice.
    return { size, isFuture: reader.int8() !== 0 };
  });
  return all.flatMap(({ size, isFuture }) => (isFuture ? [] : [size]));
}
