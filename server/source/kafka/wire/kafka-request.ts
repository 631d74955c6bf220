/** One request that this file encodes and decodes itself, tolerant of errors in single topics. */
export interface KafkaRequest<T> {
  readonly apiKey: number;
  readonly apiName: string;
  readonly apiVersion: number;
  readonly body: Buffer;
  decode(response: Buffer): T;
}

export const API_KEYS = {
  fetch: 1,
  listOffsets: 2,
  metadata: 3,
  offsetFetch: 9,
  findCoordinator: 10,
  describeGroups: 15,
  listGroups: 16,
  describeConfigs: 32,
  describeLogDirs: 35,
  consumerGroupDescribe: 69,
} as const;
