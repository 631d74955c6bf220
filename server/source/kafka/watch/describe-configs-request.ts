import { ByteReader, ByteWriter } from '../wire/kafka-bytes.ts';
import { API_KEYS, type KafkaRequest } from '../wire/kafka-request.ts';

/** What a broker says of one topic's configuration. */
export interface DescribedConfig {
  readonly topic: string;
  /** 0 for an answer. */
  readonly errorCode: number;
  /** By name; what the broker does not know is not in it. */
  readonly values: ReadonlyMap<string, string | null>;
}

const TOPIC_RESOURCE = 2;

/**
 * DescribeConfigs version 1, which brokers of ten years speak. Each topic is answered for by itself: one that may not be
 * described takes none along.
 */
export function describeConfigsRequest(
  topics: readonly string[],
  names: readonly string[],
): KafkaRequest<readonly DescribedConfig[]> {
  const body = new ByteWriter();
  body.array(topics, false, (topic) => {
    body.int8(TOPIC_RESOURCE).string(topic);
    body.array(names, false, (name) => body.string(name));
  });
  body.int8(0); // without synonyms
  return {
    apiKey: API_KEYS.describeConfigs,
    apiName: 'DescribeConfigs',
    apiVersion: 1,
    body: body.toBuffer(),
    decode: (response) => decodeConfigs(new ByteReader(response)),
  };
}

function decodeConfigs(reader: ByteReader): readonly DescribedConfig[] {
  reader.int32(); // throttle time
  return reader.array(false, () => {
    const errorCode = reader.int16();
    reader.string(); // the error in the broker's words
    reader.int8(); // kind of resource
    const topic = reader.string() ?? '';
    return { topic, errorCode, values: new Map(reader.array(false, () => readEntry(reader))) };
  });
}

function readEntry(reader: ByteReader): readonly [string, string | null] {
  const entry = [reader.string() ?? '', reader.string()] as const;
  reader.int8(); // read only
  reader.int8(); // where it is set
  reader.int8(); // sensitive
  reader.array(false, () => {
    reader.string();
    reader.string();
    reader.int8();
  });
  return entry;
}
