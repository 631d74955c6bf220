import type { KafkaConnection } from '../connection/kafka-connection.ts';
import { kafkaErrorCode } from '../connection/kafka-error-code.ts';

const TOPIC_RESOURCE = 2;

/**
 * Whether Kafka compacts the topic. One whose configuration Kafka does not let us read counts as not compacted: its
 * gaps are shown, not explained away. Rejects when the connection is lost: a gap must not become a hole because the
 * question was not answered.
 */
export async function isCompacted({ broker }: KafkaConnection, topic: string): Promise<boolean> {
  const resources = [{ type: TOPIC_RESOURCE, name: topic, configNames: ['cleanup.policy'] }];
  const described = await broker.describeConfigs({ resources }).catch((error: unknown) => {
    if (kafkaErrorCode(error) !== null) return null;
    throw error;
  });
  const policy = described?.resources[0]?.configEntries.find(({ configName }) => configName === 'cleanup.policy');
  return policy?.configValue?.includes('compact') ?? false;
}
