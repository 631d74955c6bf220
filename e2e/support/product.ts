import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../server/config/project-root.ts';
import { freePort } from '../../server/runtime/supervise/free-ports.ts';
import { until } from './until.ts';

/** The built tap and web, running against a database and a broker of the test's choice. */
export interface Product {
  /** e.g. `http://127.0.0.1:41234` */
  readonly url: string;
  /** Fetches a path of API v1 and parses the answer, whatever its status. */
  api(pathAndQuery: string): Promise<{ status: number; body: unknown }>;
  /** Ends a process the hard way and starts it again. */
  killAndRestart(name: 'tap' | 'web'): Promise<void>;
  stop(): Promise<void>;
}

/** Starts `dist/main/web.js` and `dist/main/tap.js` and waits until the API answers. Needs a build. */
export async function startProduct(options: {
  databaseUrl: string;
  brokers: string;
  env?: Readonly<Record<string, string>>;
}): Promise<Product> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-product-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const base = {
    NODE_ENV: 'production' as const,
    PATH: process.env.PATH,
    DATABASE_URL: options.databaseUrl,
    THROUGHLINE_DATA_DIR: dataDir,
  };
  const environments = {
    web: { ...base, PORT: String(port) },
    tap: { ...base, KAFKA_BROKERS: options.brokers, TAP_START: 'beginning', ...options.env },
  };
  const output: string[] = [];
  const run = (name: 'tap' | 'web'): ChildProcess => {
    const child = spawn(process.execPath, [path.join(projectRoot(), 'dist', 'main', `${name}.js`)], {
      cwd: dataDir,
      env: environments[name],
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    });
    child.stdout?.on('data', (chunk: Buffer) => output.push(`${name}: ${chunk}`));
    child.stderr?.on('data', (chunk: Buffer) => output.push(`${name}: ${chunk}`));
    return child;
  };
  const children = { web: run('web'), tap: run('tap') };
  const api: Product['api'] = async (pathAndQuery) => {
    const answer = await fetch(`${url}/api/v1${pathAndQuery}`);
    return { status: answer.status, body: await answer.json() };
  };
  const answers = () =>
    until('the API', async () => (await api('/health')).status < 500, { timeoutMs: 30_000 }).catch((error: unknown) => {
      throw new Error(`the product did not start:\n${output.join('')}`, { cause: error });
    });
  await answers();
  return {
    url,
    api,
    async killAndRestart(name) {
      children[name].kill('SIGKILL');
      await ended(children[name]);
      children[name] = run(name);
      await answers();
    },
    async stop() {
      for (const child of [children.tap, children.web]) {
        child.kill('SIGTERM');
        await ended(child);
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
