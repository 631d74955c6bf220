// What the tap's own fetch loops cost against kafkajs's consumer: records a second and CPU, each into something that
// counts.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kafka, logLevel } from 'kafkajs';
import { downloads } from '../e2e/support/services.ts';
import { findJava } from '../server/runtime/kafka/find-java.ts';
import { startKafka } from '../server/runtime/kafka/start-kafka.ts';
import { makeRecord } from './source/make-records.ts';
import { type Measured, type MeasureTask, measure } from './source/measure.ts';
import { machine, median, writeResults } from './support/results.ts';

const COUNT = 300_000;
const PARTITIONS = 18;
const ROUNDS = 3;
const PRODUCED_AT_ONCE = 3_000;
/** No round is begun after this, so that the whole takes less than four minutes. */
const LAST_ROUND_AFTER_MS = 170_000;
const RUN_TIMEOUT_MS = 60_000;
const TOPICS = [
  { topic: 'bench.plain', headers: 0 },
  { topic: 'bench.headers', headers: 14 },
] as const;
const CLIENTS = ['kafkajs', 'source'] as const;

interface Run extends Measured {
  readonly client: MeasureTask['client'];
  readonly headers: number;
}

async function main(): Promise<void> {
  const began = performance.now();
  const java = await findJava({ javaHome: process.env.JAVA_HOME, path: process.env.PATH });
  if (java === null) throw new Error('The embedded Kafka needs Java 17 or newer.');
  const dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-bench-'));
  const kafka = await startKafka({ java, dataDir, heapMb: 768, ...downloads() });
  try {
    for (const { topic, headers } of TOPICS) await produce(kafka.brokers, topic, headers > 0);
    const runs: Run[] = [];
    for (let round = 1; round <= ROUNDS && performance.now() - began < LAST_ROUND_AFTER_MS; round += 1) {
      runs.push(...(await runRound(kafka.brokers, round)));
    }
    const text = resultTable(runs);
    console.log(`\n${text}`);
    writeResults('source', text);
  } finally {
    await kafka.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function produce(brokers: string, topic: string, withHeaders: boolean): Promise<void> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (let from = 0; from < COUNT; from += PRODUCED_AT_ONCE) {
    const messages = Array.from({ length: PRODUCED_AT_ONCE }, (_, index) => ({
      ...makeRecord(from + index, withHeaders),
      partition: Math.floor(from / PRODUCED_AT_ONCE) % PARTITIONS,
    }));
    await producer.send({ topic, messages });
  }
  await producer.disconnect();
  console.log(`${COUNT} records in ${topic}`);
}

async function runRound(brokers: string, round: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (const { topic, headers } of TOPICS) {
    for (const client of round % 2 === 0 ? CLIENTS.toReversed() : CLIENTS) {
      const groupId = `bench-${client}-${headers}-${round}`;
      const measured = await inOwnProcess({ client, brokers, topic, count: COUNT, groupId });
      console.log(`round ${round}, ${headers} headers, ${client}: ${sentence(measured)}`);
      runs.push({ ...measured, client, headers });
    }
  }
  return runs;
}

/** Each run in a process of its own: a warm heap, or a patch of kafkajs, must not reach the next one. */
function inOwnProcess(task: MeasureTask): Promise<Measured> {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), JSON.stringify(task)], { stdio: [...stdio] });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), RUN_TIMEOUT_MS);
    child.once('message', (answer) => resolve(asMeasured(answer)));
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`the run of ${task.client} ended with ${code ?? 'a signal'}`));
    });
  });
}

/** The other end is this file: it sends what `measure` answered, and nothing else. */
function asMeasured(answer: unknown): Measured {
  return answer as Measured;
}

/** The argument was written by `inOwnProcess`. */
function asTask(argument: string): MeasureTask {
  return JSON.parse(argument) as MeasureTask;
}

function resultTable(runs: readonly Run[]): string {
  const versions = createRequire(import.meta.url)('kafkajs/package.json').version;
  const lines = TOPICS.map(({ headers }) => {
    const [bare, ours] = CLIENTS.map((client) =>
      medianOf(runs.filter((run) => run.client === client && run.headers === headers)),
    );
    if (bare === undefined || ours === undefined) return '';
    const rate = (ours.recordsPerS / bare.recordsPerS).toFixed(2);
    const cpu = (ours.cpuSPerMillion / bare.cpuSPerMillion).toFixed(2);
    return `| ${headers} | ${cells(bare)} | ${cells(ours)} | ${rate} × | ${cpu} × |`;
  });
  return [
    `${COUNT.toLocaleString('en')} events of 400–900 B in ${PARTITIONS} partitions of an embedded Kafka,`,
    `read once by each client into something that counts; medians of ${runs.length / 4} interleaved rounds,`,
    'each run in a process of its own.',
    '',
    '| headers | kafkajs records/s | CPU s per million | our source records/s | CPU s per million | rate | CPU |',
    '|---:|---:|---:|---:|---:|---:|---:|',
    ...lines,
    '',
    `kafkajs ${versions}; ${machine()}.`,
  ].join('\n');
}

function medianOf(runs: readonly Run[]): Measured {
  return {
    recordsPerS: median(runs.map(({ recordsPerS }) => recordsPerS)),
    cpuSPerMillion: median(runs.map(({ cpuSPerMillion }) => cpuSPerMillion)),
  };
}

function cells({ recordsPerS, cpuSPerMillion }: Measured): string {
  return `${Math.round(recordsPerS).toLocaleString('en')} | ${cpuSPerMillion.toFixed(2)}`;
}

function sentence({ recordsPerS, cpuSPerMillion }: Measured): string {
  return `${Math.round(recordsPerS).toLocaleString('en')} records/s, ${cpuSPerMillion.toFixed(2)} CPU s per million`;
}

const argument = process.argv[2];
if (argument === undefined) await main();
else {
  const measured = await measure(asTask(argument));
  process.send?.(measured, () => process.exit(0));
}
