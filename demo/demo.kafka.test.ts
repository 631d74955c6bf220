import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AS_PROCESS } from '../scripts/as-process.mjs';
import { defaultFolders } from '../server/config/default-folders.ts';
import { findJava } from '../server/runtime/kafka/find-java.ts';
import { type RunningKafka, startKafka } from '../server/runtime/kafka/start-kafka.ts';
import { CONSTRUCTOR_TOPIC, TOPICS } from './contracts/topics.ts';
import type { TruthLine } from './contracts/truth.ts';

const root = path.resolve(import.meta.dirname, '..');
const cacheDir = defaultFolders({
  platform: process.platform,
  home: homedir(),
  isRoot: process.getuid?.() === 0,
}).cache;

interface ReadRecord {
  readonly place: string;
  readonly topic: string;
  readonly value: Buffer | null;
}

let bundles = '';
let data = '';
let kafka: RunningKafka;
const processes: { child: ChildProcess; printed: string[] }[] = [];
const read = new Map<string, ReadRecord>();

function newKafka(ports?: RunningKafka['ports']): Promise<RunningKafka> {
  return findJava({ javaHome: process.env.JAVA_HOME, path: process.env.PATH }).then((java) => {
    if (java === null) throw new Error('No Java 17 or later for the embedded Kafka.');
    return startKafka({ java, cacheDir, dataDir: path.join(data, 'kafka'), heapMb: 384, ...(ports ? { ports } : {}) });
  });
}

function startDemo(name: string, ...args: string[]): void {
  const options = ['--brokers', kafka.brokers, '--rate', '120', '--truth', path.join(data, 'truth.ndjson'), ...args];
  const child = spawn(process.execPath, [path.join(bundles, `${name}.js`), ...options], { stdio: 'pipe' });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => printed.push(String(chunk)));
  processes.push({ child, printed });
}

async function truth(): Promise<TruthLine[]> {
  const text = await readFile(path.join(data, 'truth.ndjson'), 'utf8').catch(() => '');
  // The last line may be on its way.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

function conversations(lines: readonly TruthLine[]): Map<string, Set<string>> {
  const types = new Map<string, Set<string>>();
  for (const line of lines)
    types.set(line.correlation_id, (types.get(line.correlation_id) ?? new Set()).add(line.type));
  return types;
}

function complete(lines: readonly TruthLine[]): string[] {
  return [...conversations(lines)].flatMap(([id, types]) => (types.size === 8 ? [id] : []));
}

async function until(holds: () => boolean | Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    const ended = processes.some(({ child }) => child.exitCode !== null);
    if (ended || Date.now() > deadline)
      throw new Error(`Not within ${withinMs} ms. ${processes.flatMap((it) => it.printed)}`);
    await pause(200);
  }
}

/** Reads every record of the topics with a plain consumer into `read`. */
async function readAll(topics: readonly string[], enough: () => boolean): Promise<void> {
  const client = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
  const consumer = client.consumer({ groupId: `reader-${Date.now()}`, maxWaitTimeInMs: 200 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const place = `${topic}/${partition}/${message.offset}`;
      read.set(place, { place, topic, value: message.value });
    },
  });
  await until(enough);
  await consumer.disconnect();
}

/** Bytes the broker holds of a topic whose name breaks plain clients: they can neither consume nor ask for its end. */
async function bytesOf(topic: string): Promise<number> {
  const folder = path.join(data, 'kafka', 'records');
  const partitions = (await readdir(folder)).filter((name) => name.replace(/-\d+$/, '') === topic);
  const logs = partitions.map((name) => stat(path.join(folder, name, '00000000000000000000.log')));
  return (await Promise.all(logs)).reduce((sum, { size }) => sum + size, 0);
}

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'demo-test-'));
  const cache = path.join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  bundles = await mkdtemp(path.join(cache, 'demo-test-'));
  await build({
    ...AS_PROCESS,
    entryPoints: ['ask', 'answer', 'persist'].map((name) => path.join(root, 'demo', `${name}.ts`)),
    outdir: bundles,
  });
  kafka = await newKafka();
  startDemo('ask', '--poison', '--wrong-producer');
  startDemo('answer');
  startDemo('persist');
}, 300_000);

afterAll(async () => {
  for (const { child } of processes) child.kill('SIGKILL');
  await kafka?.stop('SIGKILL');
  for (const folder of [data, bundles]) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

describe('the demo on a real broker', { timeout: 120_000 }, () => {
  it('brings conversations to their end over eight topics and more', async () => {
    await until(async () => complete(await truth()).length >= 3);
    const lines = await truth();
    const places = new Set(lines.map(placeOf));
    await readAll(Object.values(TOPICS), () => [...places].every((place) => read.has(place)));
    expect(new Set([...read.values()].map((record) => record.topic)).size).toBeGreaterThanOrEqual(8);
  });

  it('tells the truth: every named cause is a record of the same conversation, with that event id', async () => {
    const lines = await truth();
    const places = new Set(lines.flatMap((line) => (line.caused_by === null ? [] : [placeOf(line.caused_by)])));
    await readAll(Object.values(TOPICS), () => [...places].every((place) => read.has(place)));
    expect(places.size).toBeGreaterThan(15);
    for (const line of lines) {
      if (line.caused_by === null) continue;
      const cause = JSON.parse(read.get(placeOf(line.caused_by))?.value?.toString() ?? '{}');
      expect(cause.correlation_id).toBe(line.correlation_id);
      expect(cause.event_id ?? null).toBe(line.caused_by_event_id);
    }
  });

  it('answers a request of the wrong producer with an error that names the missing field', async () => {
    await until(async () =>
      [...conversations(await truth()).values()].some(
        (types) => types.has('CODEGEN_VALIDATE_REQUESTED') && types.has('CODEGEN_FAILED'),
      ),
    );
    await readAll([TOPICS.errors], () => [...read.values()].some((it) => text(it).includes('Missing code_content')));
  });

  it('sends poison of every small kind, and goes on', async () => {
    const kinds: ((record: ReadRecord) => boolean)[] = [
      (it) => it.value === null,
      (it) => it.topic === TOPICS.stamps && it.value?.length === 140,
      (it) => it.value?.includes(0xff) === true,
      (it) => text(it).includes('<script>'),
      (it) => text(it).includes('../../'),
      (it) => (it.value?.length ?? 0) > 1_000_000,
    ];
    await readAll(Object.values(TOPICS), () => kinds.every((kind) => [...read.values()].some(kind)));
    await until(async () => (await bytesOf(CONSTRUCTOR_TOPIC)) > 0);
  });

  it('goes on by itself after the broker was killed and came back', async () => {
    const before = (await truth()).length;
    await kafka.stop('SIGKILL');
    await until(() => processes.every(({ printed }) => printed.join('').includes('does not answer')));
    kafka = await newKafka(kafka.ports);
    const since = async () => (await truth()).slice(before);
    await until(async () => complete(await since()).length >= 2);
    for (const { child, printed } of processes) {
      expect(child.exitCode).toBeNull();
      expect(printed.join('')).toContain('answers again');
    }
  });

  it('ends cleanly when told to', async () => {
    for (const { child, printed } of processes) {
      child.kill('SIGTERM');
      const [code, signal] = await once(child, 'exit');
      expect({ code, signal, printed: printed.join('') }).toMatchObject({ code: 0, signal: null });
      expect(printed.join('')).not.toMatch(/Error|\bat .*:\d+:\d+/);
    }
  });
});

function placeOf(at: { topic: string; partition: number; offset: string }): string {
  return `${at.topic}/${at.partition}/${at.offset}`;
}

function text(record: ReadRecord): string {
  return record.value?.toString('utf8') ?? '';
}
