import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { findJava } from '../../server/runtime/kafka/find-java.ts';
import { startKafka } from '../../server/runtime/kafka/start-kafka.ts';
import { downloads } from './services.ts';

/** One Apache Kafka for the whole run, in a folder of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const java = await findJava({ javaHome: process.env.JAVA_HOME, path: process.env.PATH });
  if (java === null) throw new Error('Kafka needs Java 17 or newer, and there is none: install one, or set JAVA_HOME.');
  const dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-kafka-'));
  const kafka = await startKafka({
    ...{ java, dataDir, ...downloads(), heapMb: 512 },
    // A test that waits for compaction would wait for the cleaner's rest of 15 s, again and again.
    additions: { properties: { 'log.cleaner.backoff.ms': 500 } },
  });
  project.provide('kafkaBrokers', kafka.brokers);
  return async () => {
    await kafka.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
