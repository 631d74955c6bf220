import type { Config } from '../config/load-config.ts';
import { millis } from '../model/time.ts';
import type { Source } from '../ports/source.ts';
import { createKafkaSource } from '../source/create-kafka-source.ts';
import { kafkaAccess } from './kafka-access.ts';

/** The configuration names nothing to read from. */
export class NoSourceError extends Error {
  readonly code = 'no_source';
}

/** The source that the configuration names. Throws `NoSourceError` where a cluster is meant and none is named. */
export function buildSource(config: Config): Source {
  if (config.kafka === null) throw new NoSourceError('KAFKA_BROKERS is not set. Name the brokers as host:port,…');
  return createKafkaSource({
    ...kafkaAccess(config.kafka),
    brokers: config.kafka.brokers,
    groupId: config.tap.groupId,
    start: config.tap.start,
    exclude: config.topics.exclude,
    ...(config.topics.include !== null && { include: config.topics.include }),
    clock: { now: () => millis(Date.now()) },
  });
}
