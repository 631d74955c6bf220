import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');

// A bundle resolves its packages from where it lies, so it lies inside the project.
let folder = '';
let receiver: Server;
let received = '';

beforeAll(async () => {
  const cache = path.join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  folder = await mkdtemp(path.join(cache, 'otel-test-'));
  await build({
    entryPoints: [path.join(root, 'otel/preload.ts')],
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
  receiver = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1');
    });
    request.on('end', () => response.end('{}'));
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  receiver.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  received = '';
});

/** Runs a script as the product runs its processes: a bundle in ESM after the preload. Answers what it printed. */
async function runAfterPreload(file: string, script: string, env: Record<string, string>): Promise<string> {
  const entry = path.join(folder, file);
  await writeFile(entry, script);
  const { stdout } = await run(process.execPath, ['--import', path.join(folder, 'preload.js'), entry], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    timeout: 30_000,
  });
  return stdout;
}

function collector(): Record<string, string> {
  const address = receiver.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  };
}

// Nobody listens at port 9: the calls fail, and their spans say so.
const CALLS = `
import { request } from 'node:http';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
const producer = new Kafka({ brokers: ['127.0.0.1:9'], logLevel: logLevel.NOTHING, retry: { retries: 0 } }).producer();
await producer.send({ topic: 'asked', messages: [{ value: 'x' }] }).catch(() => {});
await new pg.Client({ host: '127.0.0.1', port: 9 }).connect().catch(() => {});
await new Promise((done) => request('http://127.0.0.1:9/probe').on('error', done).end());
console.log('kafkajs', '__wrapped' in Kafka.prototype.consumer);
`;

const LOADED = `
import { createRequire } from 'node:module';
const paths = Object.keys(createRequire(import.meta.url).cache);
console.log(paths.filter((path) => path.includes('opentelemetry') || path.includes('in-the-middle')).length);
`;

describe('the OpenTelemetry preload', () => {
  it('sends spans of pg, kafkajs and http calls that an ESM bundle makes', async () => {
    await runAfterPreload('persist.js', CALLS, collector());
    expect(received).toContain('throughline-persist');
    expect(received).toContain('pg.connect');
    expect(received).toContain('send asked');
    expect(received).toContain('127.0.0.1:9/probe');
  });

  it('leaves kafkajs alone in the tap, whose records would each become a span', async () => {
    const printed = await runAfterPreload('tap.js', CALLS, collector());
    expect(printed).toContain('kafkajs false');
    expect(received).toContain('throughline-tap');
    expect(received).toContain('pg.connect');
    expect(received).not.toContain('send asked');
  });

  it('names the service as OTEL_SERVICE_NAME says', async () => {
    await runAfterPreload('web.js', CALLS, { ...collector(), OTEL_SERVICE_NAME: 'my-throughline' });
    expect(received).toContain('my-throughline');
    expect(received).not.toContain('throughline-web');
  });

  it.each([
    ['no exporter is set', {}],
    ['the SDK is disabled', { ...collectorOff(), OTEL_SDK_DISABLED: 'true' }],
    ['the traces exporter is none', { ...collectorOff(), OTEL_TRACES_EXPORTER: 'none' }],
  ])('loads nothing when %s', async (_case, env) => {
    expect((await runAfterPreload('web.js', LOADED, env)).trim()).toBe('0');
  });

  it('does load when an exporter is set (so the count above can fail)', async () => {
    expect(Number(await runAfterPreload('web.js', LOADED, collector()))).toBeGreaterThan(10);
  });

  it('still lets a signal end a process that does not listen for it', async () => {
    const script = 'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000);';
    await expect(runAfterPreload('web.js', script, collector())).rejects.toMatchObject({
      signal: 'SIGTERM',
      killed: false,
    });
  });
});

function collectorOff(): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
}
