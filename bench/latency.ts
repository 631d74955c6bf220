// From produce to readable, with everything running: how long after a producer handed an event over it can be read by its
// coordinates and by its trace key, at several rates, and how far behind settle is.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import pg from 'pg';
import lock from '../server/runtime/kafka/jars.lock.json' with { type: 'json' };
import { createProbe, type Latencies } from './latency/probe.ts';
import type { Produced, ProduceTask, Sample } from './latency/produce-at-rate.ts';
import { play, type Role } from './latency/roles.ts';
import { inOwnProcess, ownTask } from './support/own-process.ts';
import { createTopic } from './support/produce-events.ts';
import { machine, writeResults } from './support/results.ts';
import { startBenchKafka, startBenchPostgres, withDatabase } from './support/services.ts';

const PARTITIONS = 18;
const RATES = [1_000, 5_000, 15_000] as const;
const TOPIC = 'bench.latency';
/** Of the connections that look events up: looking must cost little beside what is measured. */
const PLANNED_ONCE = '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off';

interface Run extends Latencies {
  readonly rate: number;
  readonly reachedPerS: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '3' },
      rate: { type: 'string', multiple: true },
      // A folder for the CPU profile of the tap.
      profile: { type: 'string' },
    },
  });
  const rates = values.rate?.map(Number) ?? RATES;
  const kafka = await startBenchKafka();
  const postgres = await startBenchPostgres();
  try {
    const runs: Run[] = [];
    for (let round = 1; round <= Number(values.rounds); round += 1) {
      const topic = `${TOPIC}.${round}`;
      await createTopic(kafka.brokers, topic, PARTITIONS);
      await withDatabase(postgres, async (databaseUrl) => {
        const tap = inOwnProcess({ role: 'tap', brokers: kafka.brokers, databaseUrl, topic } satisfies Role, {
          timeoutMs: 600_000,
          nodeArgs: values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`],
        });
        tap.answer.catch(() => undefined);
        const pool = new pg.Pool({ connectionString: databaseUrl, max: 4, options: PLANNED_ONCE });
        try {
          let firstEvent = 0;
          for (const rate of rates) {
            const seconds = Number(values.seconds);
            const base = { brokers: kafka.brokers, topic, rate, seconds, partitions: PARTITIONS };
            const run = await measure(pool, { ...base, firstEvent });
            firstEvent += rate * seconds;
            console.log(`round ${round}: ${JSON.stringify(run)}`);
            runs.push(run);
          }
        } finally {
          await pool.end();
          tap.stop();
        }
      });
    }
    const versions = `kafkajs ${createRequire(import.meta.url)('kafkajs/package.json').version}, PostgreSQL ${postgres.version} (fsync on), Apache Kafka ${lock.kafka}`;
    const text = resultText(runs, Number(values.seconds), `${versions}; ${machine()}.`);
    console.log(`\n${text}`);
    writeResults('latency', text);
  } finally {
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

async function measure(pool: pg.Pool, task: ProduceTask): Promise<Run> {
  const probe = createProbe(pool, task.topic);
  await probe.ready();
  const producer = inOwnProcess<Produced, Sample>({ role: 'producer', ...task } satisfies Role, {
    timeoutMs: 300_000,
    onSample: (sample) => probe.add(sample),
  });
  const { events, seconds } = await producer.answer;
  const latencies = await probe.finish();
  return { rate: task.rate, reachedPerS: events / seconds, ...latencies };
}

function resultText(runs: readonly Run[], seconds: number, footer: string): string {
  const lines = RATES.map((rate) => {
    const own = runs.filter((run) => run.rate === rate);
    const middle = (of: (run: Run) => number) =>
      [...own]
        .map(of)
        .sort((a, b) => a - b)
        [Math.floor(own.length / 2)]?.toFixed(0) ?? '–';
    const triple = (of: (run: Run) => Run['coordinates']) =>
      `${middle((run) => of(run).p50)} / ${middle((run) => of(run).p95)} / ${middle((run) => of(run).p99)}`;
    return `| ${rate.toLocaleString('en')} | ${middle((run) => run.reachedPerS)} | ${triple((run) => run.acknowledged)} | ${triple((run) => run.coordinates)} | ${triple((run) => run.traceKey)} | ${triple((run) => run.settled)} |`;
  });
  return [
    `One producer process at a steady rate into ${PARTITIONS} partitions (acks all), ${seconds} s each; the tap runs whole, settle included. A few events`,
    'of every batch are looked up until they are found, from the moment they were handed to the producer; medians over rounds.',
    '',
    '| events/s | reached | acknowledged by Kafka p50 / p95 / p99 ms | by coordinates p50 / p95 / p99 ms | by trace key p50 / p95 / p99 ms | settled p50 / p95 / p99 ms |',
    '|---:|---:|---:|---:|---:|---:|',
    ...lines,
    '',
    footer,
  ].join('\n');
}

const role = ownTask<Role>();
if (role === null) await main();
else await play(role);
