import type { TopicConfig } from '../../../ports/cluster-watch.ts';
import type { KafkaConnection } from '../connection/kafka-connection.ts';
import { type DescribedConfig, describeConfigsRequest } from './describe-configs-request.ts';

/** Topics of one request. */
const AT_ONCE = 200;
const NAMES = ['retention.ms', 'cleanup.policy', 'errors.deadletterqueue.group.enable'];
const WHOLE_NUMBER = /^-?\d{1,18}$/;

/** What a broker says of the configuration of some topics. Any broker knows it of all; each topic fails alone. */
export async function lookAtConfigs(
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<readonly TopicConfig[]> {
  const all: TopicConfig[] = [];
  for (let from = 0; from < topics.length; from += AT_ONCE) {
    const described = await connection.send(describeConfigsRequest(topics.slice(from, from + AT_ONCE), NAMES));
    all.push(...described.map(toConfig));
  }
  return all;
}

function toConfig({ topic, errorCode, values }: DescribedConfig): TopicConfig {
  const retention = values.get('retention.ms') ?? '';
  return {
    topic,
    retentionMs: WHOLE_NUMBER.test(retention) ? Number(retention) : null,
    cleanupPolicy: values.get('cleanup.policy') ?? null,
    deadLetters: values.get('errors.deadletterqueue.group.enable') === 'true',
    trouble: errorCode === 0 ? null : troubleOf(errorCode),
  };
}

function troubleOf(errorCode: number): string {
  if (errorCode === 29) {
    return 'The tap may not read how long the broker keeps its records: it needs the ACL operation DescribeConfigs on the topic';
  }
  return errorCode === 3 ? 'The broker does not know the topic' : `The broker answers with Kafka error ${errorCode}`;
}
