import { existsSync } from 'node:fs';
import path from 'node:path';
import { childEnvironment } from '../../config/child-environment.ts';
import type { SourceKind } from '../../model/wire.ts';
import { fetchKafka, KAFKA_VERSION, KafkaDownloadError, kafkaClassPath } from '../kafka/fetch-kafka.ts';
import { findJava, type Java, MINIMUM_JAVA } from '../kafka/find-java.ts';
import type { KafkaPorts } from '../kafka/kafka-properties.ts';
import { prepareKafka } from '../kafka/prepare-kafka.ts';
import type { Launch } from './launch.ts';

/** What the tap will read. */
export interface KafkaPlace {
  readonly source: SourceKind;
  /** Address of the embedded broker, else null. */
  readonly brokers: string | null;
  /** For the operator. */
  readonly text: string;
  /** Resolves once it can be read; rejects when the embedded broker does not start. */
  readonly ready: Promise<void>;
}

/**
 * Downloads Kafka once, and spawns it: it needs seconds to start, in which the database and the pages start too. Without
 * a Java, or without a way to download, recorded events are replayed instead, and that is said.
 */
export async function startEmbeddedKafka(
  launch: Pick<Launch, 'config' | 'env' | 'folder' | 'progress' | 'supervisor' | 'signal'>,
  ports: KafkaPorts,
): Promise<KafkaPlace> {
  const { env, progress } = launch;
  const java = await findJava({ javaHome: env.JAVA_HOME, path: env.PATH });
  if (java === null) {
    progress.say(
      `There is no Java ${MINIMUM_JAVA} or newer for an embedded Kafka: recorded events are replayed instead. Install Java, or set KAFKA_BROKERS.`,
    );
    return replayInstead('no Java');
  }
  const jarsDir = await download(launch);
  if (jarsDir === null) return replayInstead('no download');
  const { brokers, ready } = await start(launch, java, jarsDir, ports);
  return { source: 'embedded', brokers, text: `Apache Kafka ${KAFKA_VERSION} embedded`, ready };
}

/** Recorded events; `why` says for what reason. */
export function replayInstead(why: string): KafkaPlace {
  return { source: 'replay', brokers: null, text: `recorded events replayed (${why})`, ready: Promise.resolve() };
}

async function start(
  launch: Pick<Launch, 'env' | 'folder' | 'supervisor'>,
  java: Java,
  jarsDir: string,
  ports: KafkaPorts,
): Promise<Pick<KafkaPlace, 'brokers' | 'ready'>> {
  const prepared = await prepareKafka({ dataDir: launch.folder.kafka, jarsDir, java, ports });
  const ready = launch.supervisor.start({
    name: 'Kafka',
    command: prepared.command,
    args: prepared.args,
    env: childEnvironment(launch.env, { names: [], telemetry: false }),
    cwd: launch.folder.kafka,
    group: 'stores',
    stopSignal: 'SIGTERM',
    graceMs: 4000,
    ready: prepared.waitReady,
    // Recovery of unflushed segments after a kill takes a while on a small machine.
    readyWithinMs: 120_000,
  });
  // Whoever waits for it hears of a failure; until then it is nobody's.
  ready.catch(() => undefined);
  return { brokers: prepared.brokers, ready };
}

async function download(launch: Pick<Launch, 'config' | 'progress' | 'signal'>): Promise<string | null> {
  const { config, progress } = launch;
  const cached = isCached(config.cacheDir);
  const doing = cached ? 'Checking the downloaded' : 'Downloading';
  const loading = progress.begin(`${doing} Apache Kafka ${KAFKA_VERSION}${cached ? '' : ' (once per machine)'}`);
  try {
    const jarsDir = await fetchKafka({
      cacheDir: config.cacheDir,
      mirror: config.mavenMirror ?? undefined,
      signal: launch.signal,
      onProgress: (done, total) => loading.update(`${megabytes(done)} of ${megabytes(total)} MB`),
    });
    if (!cached) loading.done(`Apache Kafka ${KAFKA_VERSION} is in ${config.cacheDir}`);
    return jarsDir;
  } catch (error) {
    if (!(error instanceof KafkaDownloadError) || error.code !== 'unreachable') throw error;
    progress.say(
      `${error.message} Recorded events are replayed instead. Set THROUGHLINE_MAVEN_MIRROR, or KAFKA_BROKERS.`,
    );
    return null;
  } finally {
    loading.drop();
  }
}

/** Whether all files are there; whether they are right is checked at every start. */
function isCached(cacheDir: string): boolean {
  const folder = path.join(cacheDir, `kafka-${KAFKA_VERSION}`);
  return kafkaClassPath(folder)
    .split(path.delimiter)
    .every((file) => existsSync(file));
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}
