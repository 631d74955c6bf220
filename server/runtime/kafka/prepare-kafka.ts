import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { kafkaClassPath } from './fetch-kafka.ts';
import type { Java } from './find-java.ts';
import { type KafkaPorts, loggingProperties, type Properties, serverProperties } from './kafka-properties.ts';

export interface PrepareKafkaOptions {
  /** Holds everything of this broker: configuration, cluster id, records, logs. */
  readonly dataDir: string;
  /** What `fetchKafka` answered. */
  readonly jarsDir: string;
  readonly java: Java;
  /** Free loopback ports. They may differ from start to start. */
  readonly ports: KafkaPorts;
  /** Java heap; enough for a few hundred partitions. */
  readonly heapMb?: number;
  readonly additions?: KafkaAdditions | undefined;
}

/**
 * What a broker has beyond the product's own, which has none of it: the tests' listeners with TLS, sign-in and rights.
 */
export interface KafkaAdditions {
  readonly properties?: Properties;
  /** Further jars. */
  readonly classPath?: readonly string[];
  readonly javaArgs?: readonly string[];
  /** Further arguments of formatting the storage, e.g. the first users. */
  readonly formatArgs?: readonly string[];
}

/** A broker that is ready to be spawned. */
export interface PreparedKafka {
  readonly command: string;
  readonly args: readonly string[];
  /** Host and port for clients. */
  readonly brokers: string;
  /** Kafka's cluster id, kept in the data folder. */
  readonly clusterId: string;
  /** Folder of the broker's own log files (three of 4 MB). */
  readonly logDir: string;
  /** Resolves once the broker accepts connections; rejects with the signal's reason. Give it a deadline. */
  waitReady(signal: AbortSignal): Promise<void>;
}

/** The data folder could not be made ready. `message` names it. */
export class KafkaStorageError extends Error {
  readonly code = 'kafka_storage';
}

/**
 * Writes the configuration and, in a new folder, formats the storage. A broker that was killed needs nothing else: it
 * recovers its unflushed segments and takes over its stale lock files by itself.
 */
export async function prepareKafka(options: PrepareKafkaOptions): Promise<PreparedKafka> {
  const { dataDir, java, ports } = options;
  const records = path.join(dataDir, 'records');
  const logDir = path.join(dataDir, 'log');
  await mkdir(logDir, { recursive: true });
  await mkdir(records, { recursive: true });
  const configuration = path.join(dataDir, 'server.properties');
  const logging = path.join(dataDir, 'logging.properties');
  await writeFile(configuration, serverProperties(ports, records, options.additions?.properties));
  await writeFile(logging, loggingProperties(logDir));
  const clusterId = await keepClusterId(path.join(dataDir, 'cluster-id'));
  // The quick compiler only: starting takes 2.8–3.4 CPU seconds instead of 5.2–5.7, and this broker is a small one.
  const compiler = '-XX:TieredStopAtLevel=1';
  const common = [
    compiler,
    '-XX:+UseSerialGC',
    '-Djava.awt.headless=true',
    `-Djava.util.logging.config.file=${logging}`,
    ...(options.additions?.javaArgs ?? []),
  ];
  const jars = [kafkaClassPath(options.jarsDir), ...(options.additions?.classPath ?? [])];
  const classPath = ['-cp', jars.join(path.delimiter)];
  const formatArgs = ['-t', clusterId, '-c', configuration, ...(options.additions?.formatArgs ?? [])];
  await formatWhenNew(java, [...common, ...classPath], formatArgs, records, clusterId);
  return {
    command: java.command,
    args: [`-Xmx${options.heapMb ?? 768}m`, ...common, ...classPath, 'kafka.Kafka', configuration],
    brokers: `127.0.0.1:${ports.broker}`,
    clusterId,
    logDir,
    waitReady: (signal) => waitForPort(ports.broker, signal),
  };
}

/** 16 random bytes in URL-safe base 64, as Kafka writes its ids. Written once, before the storage is formatted with it. */
async function keepClusterId(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (/^[\w-]{22}$/.test(kept.trim())) return kept.trim();
  const made = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  await writeFile(`${file}.new`, `${made}\n`);
  await rename(`${file}.new`, file);
  return made;
}

/** `meta.properties` is the last file that formatting writes, so an interrupted one is simply done again. */
async function formatWhenNew(
  java: Java,
  javaArgs: readonly string[],
  formatArgs: readonly string[],
  records: string,
  clusterId: string,
): Promise<void> {
  const formatted = await readFile(path.join(records, 'meta.properties'), 'utf8').catch(() => null);
  if (formatted !== null) {
    if (formatted.includes(`cluster.id=${clusterId}`)) return;
    throw new KafkaStorageError(`${records} holds the records of another cluster than the file cluster-id beside it.`);
  }
  const args = [...javaArgs, 'kafka.tools.StorageTool', 'format', '--ignore-formatted'];
  await promisify(execFile)(java.command, [...args, ...formatArgs], { timeout: 60_000 }).catch((cause: unknown) => {
    throw new KafkaStorageError(`Could not format ${records} for Kafka.`, { cause });
  });
}

async function waitForPort(port: number, signal: AbortSignal): Promise<void> {
  while (!(await answers(port))) await wait(50, undefined, { signal });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
