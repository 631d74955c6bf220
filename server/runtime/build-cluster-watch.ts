import type { Config } from '../config/load-config.ts';
import { millis } from '../model/time.ts';
import type { ClusterWatch } from '../ports/cluster-watch.ts';
import { createKafkaWatch } from '../source/kafka/watch/create-kafka-watch.ts';
import { kafkaAccess } from './kafka-access.ts';

/** What watch asks of the cluster that the configuration names; null where recorded events are replayed. */
export function buildClusterWatch(config: Config): ClusterWatch | null {
  if (config.source === 'replay' || config.kafka === null) return null;
  return createKafkaWatch({
    ...kafkaAccess(config.kafka),
    brokers: config.kafka.brokers,
    clock: { now: () => millis(Date.now()) },
  });
}
