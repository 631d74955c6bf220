// What checking costs: the tap over the same records without schemas, without them again, and with schemas for every event,
// in turn and each time in another order. The pair that is the same tells what a difference is worth.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { onDatabase, type PrivatePostgres } from '../e2e/support/private-postgres.ts';
import { SCHEMA_STATUSES } from '../server/model/schema-check.ts';
import lock from '../server/runtime/kafka/jars.lock.json' with { type: 'json' };
import type { IngestTask, Timed } from './ingest/contenders.ts';
import { startTap } from './ingest/product.ts';
import { createStopwatch } from './ingest/stopwatch.ts';
import { holdSettle } from './support/hold-settle.ts';
import { makeEvent } from './support/omninode-events.ts';
import { answerAndEnd, inOwnProcess, ownTask } from './support/own-process.ts';
import { produceEvents } from './support/produce-events.ts';
import { machine, writeResults } from './support/results.ts';
import { startBenchKafka, startBenchPostgres, withDatabase } from './support/services.ts';
import { CONTENDERS, type Contender, type Run, resultText } from './validation/result-text.ts';
import { benchSchemas, NO_SCHEMAS_IN_FORCE } from './validation/schema.ts';

const PARTITIONS = 18;
const RUN_TIMEOUT_MS = 300_000;
const TOPIC = 'bench.validation';
/** Fewer rounds tell nothing that is worth keeping. */
const ROUNDS_TO_KEEP = 5;

type ValidationTask = Pick<IngestTask, 'brokers' | 'count' | 'databaseUrl' | 'groupId' | 'postgresPid'> & {
  readonly checked: boolean;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { records: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '5' } },
  });
  const [count, rounds] = [Number(values.records), Number(values.rounds)];
  const kafka = await startBenchKafka();
  const postgres = await startBenchPostgres();
  try {
    const record = (index: number) => makeEvent(index, { headers: false });
    await produceEvents({ brokers: kafka.brokers, topic: TOPIC, partitions: PARTITIONS, count, record });
    const runs: Run[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of inTurn(round)) {
        const groupId = `bench-${contender}-${round}`.replaceAll(' ', '-');
        const task = { brokers: kafka.brokers, count, groupId, checked: contender === 'checked' };
        const run = { contender, round, ...(await measure(task, postgres)) };
        console.log(JSON.stringify(run));
        runs.push(run);
      }
    }
    const versions = `kafkajs ${createRequire(import.meta.url)('kafkajs/package.json').version}, ajv ${createRequire(import.meta.url)('ajv/package.json').version}, PostgreSQL ${postgres.version} (fsync on), Apache Kafka ${lock.kafka}`;
    const text = resultText(runs, { count, partitions: PARTITIONS, footer: `${versions}; ${machine()}.` });
    console.log(`\n${text}`);
    if (rounds >= ROUNDS_TO_KEEP) writeResults('validation', text);
  } finally {
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

/** Another one first in each round: what warms up, or slows down, favours none. */
function inTurn(round: number): readonly Contender[] {
  const first = round % CONTENDERS.length;
  return [...CONTENDERS.slice(first), ...CONTENDERS.slice(0, first)];
}

async function measure(
  task: Omit<ValidationTask, 'databaseUrl' | 'postgresPid'>,
  postgres: PrivatePostgres,
): Promise<Omit<Run, 'contender' | 'round'>> {
  return withDatabase(postgres, (databaseUrl) =>
    onDatabase(databaseUrl, async (client) => {
      await holdSettle(client);
      await client.query('checkpoint').catch(() => undefined);
      const full: ValidationTask = { ...task, databaseUrl, postgresPid: postgres.pid };
      const { recordsPerS, clientCpuS, postgresCpuS } = await inOwnProcess<Timed>(full, { timeoutMs: RUN_TIMEOUT_MS })
        .answer;
      const { rows } = await client.query<{ status: number; n: number }>(
        'select schema_status as status, sum(records)::float8 as n from ingest_count group by 1',
      );
      const wanted = SCHEMA_STATUSES[task.checked ? 'ok' : 'unchecked'];
      if (rows.length !== 1 || rows[0]?.status !== wanted || rows[0].n !== task.count) {
        throw new Error(`the events are not what they should be: ${JSON.stringify(rows)}`);
      }
      return { recordsPerS, clientCpuS, postgresCpuS };
    }),
  );
}

async function runTap(task: ValidationTask): Promise<Timed> {
  const stopwatch = createStopwatch(task);
  const schemas = task.checked ? await benchSchemas() : NO_SCHEMAS_IN_FORCE;
  const tap = await startTap({ ...task, topics: [TOPIC], schemas }, (records) => stopwatch.add(records));
  const timed = await stopwatch.done;
  await tap.stop();
  return timed;
}

const task = ownTask<ValidationTask>();
if (task === null) await main();
else answerAndEnd(await runTap(task));
