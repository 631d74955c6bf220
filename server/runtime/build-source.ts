import path from 'node:path';
import type { Config } from '../config/load-config.ts';
import { projectRoot } from '../config/project-root.ts';
import { millis } from '../model/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Source } from '../ports/source.ts';
import { createKafkaSource } from '../source/kafka/create-kafka-source.ts';
import { createReplaySource } from '../source/replay/create-replay-source.ts';
import { kafkaAccess } from './kafka-access.ts';
import { replaySinceMs } from './replay-since.ts';

/** The configuration names nothing to read from. */
export class NoSourceError extends Error {
  readonly code = 'no_source';
}

/** Stands where Kafka's cluster id stands, also in the ids of records. */
const REPLAY_CLUSTER = 'replay';
const RECORDING = 'demo/recording/conversations.ndjson';

/**
 * The source that the configuration names: a cluster, or the recording. Throws `NoSourceError` where a cluster is meant
 * and none is named, and `FolderError` where the data folder of a replay cannot be written.
 */
export function buildSource(config: Config): Source {
  const clock: Clock = { now: () => millis(Date.now()) };
  if (config.source === 'replay') {
    return createReplaySource({
      recordingPath: path.join(projectRoot(), RECORDING),
      clusterKafkaId: REPLAY_CLUSTER,
      playedSinceMs: replaySinceMs(config.dataDir, clock.now()),
      clock,
    });
  }
  if (config.kafka === null) throw new NoSourceError('KAFKA_BROKERS is not set. Name the brokers as host:port,…');
  return createKafkaSource({
    ...kafkaAccess(config.kafka),
    brokers: config.kafka.brokers,
    groupId: config.tap.groupId,
    start: config.tap.start,
    exclude: config.topics.exclude,
    ...(config.source === 'kafka' && { backfill: { bytesPerS: config.tap.backfillBytesPerS } }),
    ...(config.topics.include !== null && { include: config.topics.include }),
    ...(config.tap.sessionTimeoutMs !== null && { sessionTimeoutMs: config.tap.sessionTimeoutMs }),
    clock,
  });
}
