// How long after the last of 101 records on a dead-letter queue that nobody has seen before a receiver has been told of it by
// the default rule: a real broker, the tap as it is built, HTTP, and a signature that is verified. Then a queue is worked off.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Kafka, logLevel, type Producer } from 'kafkajs';
import pg from 'pg';
import { bundleTap } from '../e2e/faults/mutants/bundle-tap.ts';
import { startTap, type TapProcess } from '../e2e/faults/world/tap-process.ts';
import { until } from '../e2e/support/until.ts';
import { SECRET } from '../e2e/support/webhook-receiver.ts';
import { workOff } from '../e2e/support/work-off.ts';
import { DEFAULT_RULES } from '../server/alerts/default-rules.ts';
import lock from '../server/runtime/kafka/jars.lock.json' with { type: 'json' };
import { readSteps, type Steps } from './alerts/steps.ts';
import { startToldReceiver } from './alerts/told-receiver.ts';
import { makeEvent } from './support/omninode-events.ts';
import { createTopic } from './support/produce-events.ts';
import { machine, writeResults } from './support/results.ts';
import { startBenchKafka, startBenchPostgres, withDatabase } from './support/services.ts';

const TO_REACH_MS = 5_000;
/** The default rule fires above 100. */
const LETTERS = 101;
const PARTITIONS = 3;
const TRIAGE = 'bench-triage';
/** Fewer rounds tell nothing that is worth keeping. */
const ROUNDS_TO_KEEP = 20;
/**
 * A round begins right after a notice, which is right after a look of the tap: without a wait of another length each
 * time, all rounds would meet its timers at the same moment.
 */
const SPREAD_MS = 5_000;
const GOLDEN = 0.618;
const PATIENCE = { timeoutMs: 120_000, everyMs: 5 };
/** Looks of watch after which a queue that could be told of again would have been. */
const LOOKS_AFTER = 3;

type Receiver = Awaited<ReturnType<typeof startToldReceiver>>;

/** Epoch ms. */
interface Round extends Steps {
  readonly acknowledgedAt: number;
  readonly arrivedAt: number;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
  const count = Number(values.rounds);
  const bundle = await bundleTap('bench-alerts');
  const [kafka, postgres] = await Promise.all([startBenchKafka(), startBenchPostgres()]);
  const receiver = await startToldReceiver();
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-bench-alerts-'));
  try {
    return await withDatabase(postgres, async (databaseUrl) => {
      const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
      const tap = startBenchTap(bundle, folder, { brokers: kafka.brokers, databaseUrl, receiverUrl: receiver.url });
      const client = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING });
      const producer = client.producer();
      try {
        await Promise.all([producer.connect(), untilEvaluated(pool)]);
        const rounds: Round[] = [];
        for (let n = 1; n <= count; n += 1) {
          await wait(SPREAD_MS * ((n * GOLDEN) % 1));
          const round = await fire(kafka.brokers, producer, receiver, pool, queueOf(n));
          console.log(`round ${n}: ${inWords(round)}`);
          rounds.push(round);
        }
        const resolved = await resolve(client, receiver, pool, queueOf(1));
        const versions = `PostgreSQL ${postgres.version} (fsync on), Apache Kafka ${lock.kafka}, standardwebhooks ${createRequire(import.meta.url)('standardwebhooks/package.json').version}`;
        const text = resultText(rounds, resolved, receiver, `${versions}; ${machine()}.`);
        console.log(`\n${text}`);
        for (const reason of receiver.unverified) console.log(`not verified: ${reason}`);
        if (count >= ROUNDS_TO_KEEP) writeResults('alerts', text);
        const p95 = percentile(rounds.map(toldAfter), 0.95);
        if (p95 > TO_REACH_MS) console.log(`p95 is ${p95} ms, to reach are ${TO_REACH_MS}`);
        return p95 <= TO_REACH_MS && resolved.notices === 1 && receiver.unverified.length === 0;
      } finally {
        await producer.disconnect();
        await pool.end();
        await tap.end('SIGTERM');
      }
    });
  } finally {
    await Promise.all([kafka.stop(), postgres.stop(), receiver.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

const queueOf = (round: number): string => `round${round}.dlq`;

/** The built-in rules as they are, told to one receiver at once, and the group that works queues off. */
function startBenchTap(
  bundle: string,
  folder: string,
  to: { readonly brokers: string; readonly databaseUrl: string; readonly receiverUrl: string },
): TapProcess {
  const settings = path.join(folder, 'throughline.yaml');
  const receiver = {
    ...{ name: 'bench', url: to.receiverUrl, secret_env: 'THROUGHLINE_RECEIVER_BENCH' },
    ...{ group_by: ['alertname', 'queue'], group_wait: 0, group_interval: '1s' },
  };
  writeFileSync(
    settings,
    JSON.stringify({
      dead_letters: { triage: [{ queue: '\\.dlq$', groups: [TRIAGE] }] },
      receivers: [receiver],
      alerts: DEFAULT_RULES.map((rule) => ({ ...rule, receivers: ['bench'] })),
    }),
  );
  return startTap('tap', {
    ...{ bundle, folder },
    env: {
      ...{ KAFKA_BROKERS: to.brokers, DATABASE_URL: to.databaseUrl, TAP_START: 'beginning' },
      ...{ THROUGHLINE_CONFIG: settings, THROUGHLINE_DATA_DIR: folder },
      ...{ THROUGHLINE_ALLOWED_RECEIVER_NETWORKS: '127.0.0.1', THROUGHLINE_RECEIVER_BENCH: SECRET },
    },
  });
}

async function untilEvaluated(pool: pg.Pool): Promise<void> {
  const looked = `select from alert_rule_state, watch_round where health = 'ok' limit 1`;
  await until('the tap to look', async () => (await pool.query(looked)).rowCount === 1, PATIENCE);
}

/** Makes a queue, fills it, and waits until the receiver is told. */
async function fire(
  brokers: string,
  producer: Producer,
  receiver: Receiver,
  pool: pg.Pool,
  queue: string,
): Promise<Round> {
  await createTopic(brokers, queue, PARTITIONS);
  const messages = Array.from({ length: LETTERS }, (_, index) => {
    const { key = null, value } = makeEvent(index, { headers: false });
    return { key, value, partition: index % PARTITIONS };
  });
  await producer.send({ topic: queue, messages });
  const acknowledgedAt = Date.now();
  const { at: arrivedAt } = await until(`${queue} to be told`, async () => receiver.of(queue, 'firing')[0], PATIENCE);
  return { acknowledgedAt, arrivedAt, ...(await readSteps(pool, queue)) };
}

/** What became of a queue once its triage group had worked it off. */
interface Resolved {
  /** From the last commit to the notice. */
  readonly afterMs: number;
  /** Requests that told of it. */
  readonly notices: number;
}

async function resolve(client: Kafka, receiver: Receiver, pool: pg.Pool, queue: string): Promise<Resolved> {
  await workOff(client, { topic: queue, groupId: TRIAGE, count: LETTERS });
  const committedAt = Date.now();
  const { at } = await until(`${queue} to be resolved`, async () => receiver.of(queue, 'resolved')[0], PATIENCE);
  const looks = async (): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>('select sum(rounds)::int as n from watch_round');
    return rows[0]?.n ?? 0;
  };
  const before = await looks();
  await until('further looks', async () => (await looks()) >= before + LOOKS_AFTER, PATIENCE);
  return { afterMs: at - committedAt, notices: receiver.of(queue, 'resolved').length };
}

function inWords(round: Round): string {
  const after = (at: number) => (at - round.acknowledgedAt).toFixed(0);
  const { knownAt, firedAt, writtenAt, arrivedAt } = round;
  return `known ${after(knownAt)}, fired ${after(firedAt)}, written ${after(writtenAt)}, told ${after(arrivedAt)} ms`;
}

const toldAfter = ({ arrivedAt, acknowledgedAt }: Round): number => arrivedAt - acknowledgedAt;

function resultText(rounds: readonly Round[], resolved: Resolved, receiver: Receiver, footer: string): string {
  const line = (what: string, of: (round: Round) => number, toReach = '') => {
    // A topic may be known before the last of its records is there.
    const values = rounds.map((round) => Math.max(0, of(round)));
    const [p50, p95, most] = [0.5, 0.95, 1].map((share) => percentile(values, share).toFixed(0));
    return `| ${what} | ${p50} | ${p95} | ${most} | ${toReach} |`;
  };
  const bound = `p95 ${TO_REACH_MS.toLocaleString('en')}`;
  return [
    `${LETTERS} records on a topic \`roundN.dlq\` that was made for the round, with ${PARTITIONS} partitions; the built-in rule, \`group_wait\` 0, a receiver on`,
    `loopback; ${rounds.length} rounds, each at another moment of the tap's own. Milliseconds from the last record that the broker acknowledged:`,
    '',
    '| until | p50 | p95 | max | to reach |',
    '|---|---:|---:|---:|---:|',
    line('the tap knows the topic', ({ knownAt, acknowledgedAt }) => knownAt - acknowledgedAt),
    line('the rule fires', ({ firedAt, acknowledgedAt }) => firedAt - acknowledgedAt),
    line('the notification is written', ({ writtenAt, acknowledgedAt }) => writtenAt - acknowledgedAt),
    line('the request is at the receiver', toldAfter, bound),
    '',
    `${receiver.requests} requests, ${receiver.requests - receiver.unverified.length} of them verified by \`standardwebhooks\`. Once its triage group had worked the first queue`,
    `off, ${resolved.notices} notice told that it is resolved, ${resolved.afterMs} ms after the last commit; ${LOOKS_AFTER} looks later there was no other.`,
    '',
    footer,
  ].join('\n');
}

/** The smallest value that so large a share does not exceed. */
function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

process.exit((await main()) ? 0 : 1);
