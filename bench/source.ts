// What the tap's own fetch loops cost against kafkajs's consumer: records a second and CPU, each into something that
// counts.
import { createRequire } from 'node:module';
import { type Measured, type MeasureTask, measure } from './source/measure.ts';
import { makeEvent } from './support/omninode-events.ts';
import { answerAndEnd, inOwnProcess, ownTask } from './support/own-process.ts';
import { produceEvents } from './support/produce-events.ts';
import { machine, median, writeResults } from './support/results.ts';
import { startBenchKafka } from './support/services.ts';

const COUNT = 300_000;
const PARTITIONS = 18;
const ROUNDS = 3;
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
  const kafka = await startBenchKafka();
  try {
    for (const { topic, headers } of TOPICS) {
      const record = (index: number) => makeEvent(index, { headers: headers > 0 });
      await produceEvents({ brokers: kafka.brokers, topic, partitions: PARTITIONS, count: COUNT, record });
      console.log(`${COUNT} records in ${topic}`);
    }
    const runs: Run[] = [];
    for (let round = 1; round <= ROUNDS && performance.now() - began < LAST_ROUND_AFTER_MS; round += 1) {
      runs.push(...(await runRound(kafka.brokers, round)));
    }
    const text = resultTable(runs);
    console.log(`\n${text}`);
    writeResults('source', text);
  } finally {
    await kafka.stop();
  }
}

async function runRound(brokers: string, round: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (const { topic, headers } of TOPICS) {
    for (const client of round % 2 === 0 ? CLIENTS.toReversed() : CLIENTS) {
      const groupId = `bench-${client}-${headers}-${round}`;
      const measured = await inOwnProcess<Measured>(
        { client, brokers, topic, count: COUNT, groupId },
        { timeoutMs: RUN_TIMEOUT_MS },
      ).answer;
      console.log(`round ${round}, ${headers} headers, ${client}: ${sentence(measured)}`);
      runs.push({ ...measured, client, headers });
    }
  }
  return runs;
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

const task = ownTask<MeasureTask>();
if (task === null) await main();
else answerAndEnd(await measure(task));
