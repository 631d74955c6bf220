// What storing costs: records a second, CPU, memory and bytes of the product against a bare consumer, a bare COPY and
// the simplest honest pipeline, all over the same records on one machine in one run. Then settle drains its marks alone.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { onDatabase, type PrivatePostgres } from '../e2e/support/private-postgres.ts';
import lock from '../server/runtime/kafka/jars.lock.json' with { type: 'json' };
import { runBareConsumer, runBareCopy, runSimplePipeline } from './ingest/bare-clients.ts';
import { CONTENDERS, type IngestTask, type Run, type Timed } from './ingest/contenders.ts';
import { runProduct } from './ingest/product.ts';
import { resultText } from './ingest/result-text.ts';
import { settleAlone } from './ingest/settle-alone.ts';
import { WIDE_TABLE } from './ingest/wide-table.ts';
import { holdSettle } from './support/hold-settle.ts';
import { makeEvent } from './support/omninode-events.ts';
import { answerAndEnd, inOwnProcess, ownTask } from './support/own-process.ts';
import { bytesOf, tableBytes } from './support/postgres-cost.ts';
import { produceEvents } from './support/produce-events.ts';
import { machine, writeResults } from './support/results.ts';
import { startBenchKafka, startBenchPostgres, withDatabase } from './support/services.ts';

const PARTITIONS = 18;
const RUN_TIMEOUT_MS = 300_000;
const TOPICS = [
  { topic: 'bench.plain', headers: 0 },
  { topic: 'bench.headers', headers: 14 },
] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '1000000' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', multiple: true },
      'no-headers': { type: 'boolean', default: false },
      // A folder for the CPU profiles of all runs.
      profile: { type: 'string' },
    },
  });
  const count = Number(values.records);
  const contenders = CONTENDERS.filter((name) => values.only === undefined || values.only.includes(name));
  const topics = TOPICS.filter(({ headers }) => headers === 0 || !values['no-headers']);
  const kafka = await startBenchKafka();
  const postgres = await startBenchPostgres();
  try {
    for (const { topic, headers } of topics) {
      const record = (index: number) => makeEvent(index, { headers: headers > 0 });
      await produceEvents({ brokers: kafka.brokers, topic, partitions: PARTITIONS, count, record });
      console.log(`${count} records in ${topic}`);
    }
    const runs: Run[] = [];
    for (let round = 1; round <= Number(values.rounds); round += 1) {
      for (const { topic, headers } of topics) {
        for (const contender of round % 2 === 0 ? contenders.toReversed() : contenders) {
          const base = { contender, brokers: kafka.brokers, topic, count, withHeaders: headers > 0 };
          const groupId = `bench-${contender}-${round}-${headers}`.replaceAll(' ', '-');
          const run = await measure(
            { ...base, groupId },
            { postgres, headers, profile: values.profile, thenSettle: round === 1 },
          );
          console.log(`round ${round}: ${JSON.stringify(run)}`);
          runs.push(run);
        }
      }
    }
    const versions = `kafkajs ${createRequire(import.meta.url)('kafkajs/package.json').version}, PostgreSQL ${postgres.version} (fsync on), Apache Kafka ${lock.kafka}`;
    const text = resultText(runs, { count, partitions: PARTITIONS, footer: `${versions}; ${machine()}.` });
    console.log(`\n${text}`);
    if (contenders.length === CONTENDERS.length) writeResults('ingest', text);
  } finally {
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

interface MeasureOptions {
  readonly postgres: PrivatePostgres;
  readonly headers: number;
  readonly profile: string | undefined;
  /** Settle drains the marks afterwards; one round tells what that costs. */
  readonly thenSettle: boolean;
}

async function measure(
  task: Omit<IngestTask, 'databaseUrl' | 'postgresPid'>,
  { postgres, headers, profile, thenSettle }: MeasureOptions,
): Promise<Run> {
  const nodeArgs = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return withDatabase(postgres, (databaseUrl) =>
    onDatabase(databaseUrl, async (client) => {
      if (task.contender !== 'throughline') await client.query(WIDE_TABLE);
      await holdSettle(client);
      await client.query('checkpoint').catch(() => undefined);
      const before = await bytesOf(client);
      const full: IngestTask = { ...task, databaseUrl, postgresPid: postgres.pid };
      const timed = await inOwnProcess<Timed>(full, { timeoutMs: RUN_TIMEOUT_MS, nodeArgs }).answer;
      const after = await bytesOf(client);
      const stores = task.contender !== 'bare consumer';
      const tables = await tableBytes(client, task.count);
      const settled =
        task.contender === 'throughline' && thenSettle ? await settleAlone(client, databaseUrl, postgres.pid) : null;
      return {
        contender: task.contender,
        headers,
        ...timed,
        bytesPerRecord: stores ? (after.database - before.database) / task.count : Number.NaN,
        walPerRecord: stores ? (after.wal - before.wal) / task.count : Number.NaN,
        tables,
        settled,
      };
    }),
  );
}

const task = ownTask<IngestTask>();
if (task === null) await main();
else {
  const runners = {
    'bare consumer': runBareConsumer,
    'bare copy': runBareCopy,
    'simple pipeline': runSimplePipeline,
    throughline: runProduct,
  };
  answerAndEnd(await runners[task.contender](task));
}
