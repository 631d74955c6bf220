import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  onDatabase,
  type PrivatePostgres,
  startPrivatePostgres,
  TEMPLATE,
} from '../../e2e/support/private-postgres.ts';
import { downloads } from '../../e2e/support/services.ts';
import { findJava } from '../../server/runtime/kafka/find-java.ts';
import { type RunningKafka, startKafka } from '../../server/runtime/kafka/start-kafka.ts';

/** A broker in a folder of its own. */
export async function startBenchKafka(): Promise<RunningKafka> {
  const java = await findJava({ javaHome: process.env.JAVA_HOME, path: process.env.PATH });
  if (java === null) throw new Error('The embedded Kafka needs Java 17 or newer.');
  const dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-bench-'));
  const kafka = await startKafka({ java, dataDir, heapMb: 768, ...downloads() });
  return {
    ...kafka,
    async stop(signal) {
      await kafka.stop(signal);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A PostgreSQL as the product starts it, fsync on. */
export function startBenchPostgres(): Promise<PrivatePostgres> {
  return startPrivatePostgres({ fsync: true });
}

/** Runs `work` with a new database at the newest migration, and drops it. */
export async function withDatabase<T>(
  { url: server, ownerUrl }: PrivatePostgres,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const name = `bench_${process.pid}_${Math.trunc(performance.now())}`;
  await onDatabase(server, (client) => client.query(`create database ${name} template ${TEMPLATE}`));
  const url = new URL(server);
  url.pathname = name;
  try {
    return await work(url.href);
  } finally {
    // An autovacuum that is at work in it belongs to the superuser: no other role may end it.
    await onDatabase(ownerUrl, (client) => client.query(`drop database ${name} with (force)`));
  }
}
