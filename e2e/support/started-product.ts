import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../server/config/project-root.ts';
import { embeddedUrl } from '../../server/runtime/postgres/embedded-url.ts';
import { freePort } from '../../server/runtime/supervise/free-ports.ts';
import { until } from './until.ts';

/** What `npm start` runs, in a data folder of its own, with embedded PostgreSQL and Kafka. */
export interface StartedProduct {
  readonly url: string;
  readonly brokers: string;
  readonly databaseUrl: string;
  /** The process id of a supervised child, e.g. `tap`, `web`, `PostgreSQL`; null while it is not running. */
  pidOf(name: string): number | null;
  /** Everything the operator was shown so far. */
  output(): string;
  readonly dataDir: string;
  /** Ends it in order and removes its folder, unless that is kept. Throws when it does not end with exit code 0. */
  stop(folder?: 'keep'): Promise<void>;
}

const READY_MS = 180_000;

/**
 * Starts the built product with the given options (as after `npm start --`) and waits until it says it is ready; in a new
 * folder unless it is given one that was kept.
 */
export async function startBuiltProduct(
  options: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-started-')),
): Promise<StartedProduct> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const output: string[] = [];
  const child = spawn(process.execPath, [path.join(projectRoot(), 'dist', 'main', 'start.js'), ...options], {
    cwd: dataDir,
    env: {
      ...startEnvironment(),
      ...environment,
      NODE_ENV: 'production',
      PORT: new URL(url).port,
      THROUGHLINE_DATA_DIR: dataDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  await ready(child, output);
  const run = (file: string): string => readFileSync(path.join(dataDir, 'run', file), 'utf8');
  const ports = JSON.parse(run('ports.json')) as { postgres: number; broker: number };
  const password = readFileSync(path.join(dataDir, 'postgres', 'password'), 'utf8').trim();
  return {
    url,
    brokers: `127.0.0.1:${ports.broker}`,
    databaseUrl: embeddedUrl({ password, port: ports.postgres }),
    pidOf(name) {
      const children = JSON.parse(run('children.json')) as { name: string; pid: number }[];
      return children.find((one) => one.name === name)?.pid ?? null;
    },
    output: () => output.join(''),
    dataDir,
    async stop(folder) {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      if (folder !== 'keep') rmSync(dataDir, { recursive: true, force: true });
      if (child.exitCode !== 0) throw new Error(`the product ended with ${child.exitCode}:\n${output.join('')}`);
    },
  };
}

/** The variables of this machine, without any of ours: the product is to find everything by itself. */
function startEnvironment(): Record<string, string | undefined> {
  const ours =
    /^(KAFKA|TAP|DATABASE|OTEL|SCHEMAREGISTRY)_|^(HOST|PORT|npm_lifecycle_event)$|^THROUGHLINE_(?!CACHE_DIR|MAVEN_MIRROR)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

async function ready(child: ChildProcess, output: readonly string[]): Promise<void> {
  await until(
    'the product to be ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
      return output.join('').includes('Throughline is ready');
    },
    { timeoutMs: READY_MS },
  ).catch((cause: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`the product did not start:\n${output.join('')}`, { cause });
  });
}
