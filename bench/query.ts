// What an operator waits for: a trace, a list by any filter, the latency table and the map, over HTTP from the real web
// process, warm, while a tap stores a thousand events a second. `--database URL` keeps and reuses a filled database.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { projectRoot } from '../server/config/project-root.ts';
import { startWeb } from '../server/main/web.test-support.ts';
import { migrate } from '../server/store/migrate.ts';
import type { Produced } from './latency/produce-at-rate.ts';
import { play, type Role } from './latency/roles.ts';
import { fill } from './query/filled-database.ts';
import { getAnswer } from './query/get-answer.ts';
import { QUESTIONS, type Question } from './query/questions.ts';
import { type Answered, resultText } from './query/result-text.ts';
import { warmDatabase } from './query/warm-database.ts';
import { inOwnProcess, ownTask } from './support/own-process.ts';
import { createTopic } from './support/produce-events.ts';
import { writeResults } from './support/results.ts';
import { startBenchKafka, startBenchPostgres, withDatabase } from './support/services.ts';

const TOPIC = 'bench.query';
const PARTITIONS = 6;
const INGEST_PER_S = 1_000;
/** Requests of each kind before those that count: until then V8 runs the web's code unoptimised. */
const WARM = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '10000000' },
      requests: { type: 'string', default: '1000' },
      database: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const kafka = await startBenchKafka();
  const postgres = values.database === undefined ? await startBenchPostgres() : null;
  try {
    const run = (url: string) => {
      const ownerUrl = postgres === null ? null : new URL(new URL(url).pathname, postgres.ownerUrl).href;
      return measure({ url, ownerUrl }, kafka.brokers, values);
    };
    if (postgres === null) await run(values.database ?? '');
    else await withDatabase(postgres, run);
  } finally {
    await Promise.all([kafka.stop(), postgres?.stop()]);
  }
}

interface Options {
  readonly events: string;
  readonly requests: string;
  readonly only?: string | undefined;
}

async function measure(
  { url: databaseUrl, ownerUrl }: { readonly url: string; readonly ownerUrl: string | null },
  brokers: string,
  options: Options,
): Promise<void> {
  await migrate(databaseUrl, { directory: path.join(projectRoot(), 'server/store/migrations') });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const count = async (table: string) => Number((await pool.query(`select count(*) as n from ${table}`)).rows[0]?.n);
  // One term for each trace that was filled in; other runs leave traces of their own.
  const traces =
    (await count('term where kind = 3')) ||
    (await fill(databaseUrl, Number(options.events), (line) => console.log(line)));
  const stored = await count('event');
  const warmed = await warmDatabase(pool, ownerUrl);
  console.log(warmed);
  const size = (await pool.query('select pg_database_size(current_database()) as n')).rows[0]?.n;
  const { rows: settings } = await pool.query(
    `select current_setting('server_version') as version, current_setting('shared_buffers') as buffers`,
  );
  console.log(`${stored} events in ${traces} traces, ${Math.round(Number(size) / 1e6)} MB`);
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-bench-web-'));
  const file = path.join(folder, 'throughline.yaml');
  writeFileSync(file, JSON.stringify({ fields: { order_id: '/payload/order_id' } }));
  const web = await startWeb(databaseUrl, undefined, { THROUGHLINE_CONFIG: file });
  await createTopic(brokers, TOPIC, PARTITIONS);
  const tap = inOwnProcess({ role: 'tap', brokers, databaseUrl, topic: TOPIC } satisfies Role, {
    timeoutMs: 3_600_000,
  });
  tap.answer.catch(() => undefined);
  let firstEvent = (Math.floor(Date.now() / 1000) % 1e6) * 1_000;
  let ingesting = true;
  const ingest = (async () => {
    for (; ingesting; firstEvent += INGEST_PER_S * 20) {
      const task = {
        role: 'producer',
        brokers,
        topic: TOPIC,
        rate: INGEST_PER_S,
        seconds: 20,
        partitions: PARTITIONS,
        firstEvent,
      } as const;
      await inOwnProcess<Produced>(task satisfies Role, { timeoutMs: 120_000 }).answer;
    }
  })();
  const answered: Answered[] = [];
  const behind: number[] = [];
  let watching: NodeJS.Timeout | undefined;
  try {
    await wait(10_000);
    watching = setInterval(() => {
      pool
        .query(
          "select coalesce(extract(epoch from clock_timestamp() - min(marked_at)), 0) as s from dirty_mark where marked_at > now() - interval '1 hour'",
        )
        .then(
          ({ rows }) => behind.push(Number(rows[0]?.s)),
          () => undefined,
        );
    }, 500);
    for (const question of QUESTIONS) {
      if (options.only !== undefined && !question.name.includes(options.only)) continue;
      const one = await ask(web.url, question, Number(options.requests), traces);
      console.log(JSON.stringify(one));
      answered.push(one);
    }
  } finally {
    clearInterval(watching);
    ingesting = false;
    await ingest.catch(() => undefined);
    tap.stop();
    await web.end();
    rmSync(folder, { recursive: true, force: true });
    await pool.end();
  }
  const text = resultText(answered, {
    ingestPerS: INGEST_PER_S,
    stored,
    traces,
    requests: options.requests,
    behind,
    version: settings[0].version,
    buffers: settings[0].buffers,
    warmed,
  });
  console.log(`\n${text}`);
  if (options.only === undefined) writeResults('query', text);
}

async function ask(url: string, question: Question, requests: number, traces: number): Promise<Answered> {
  const random = randomOf(question.name.length);
  const times: number[] = [];
  let bytes = 0;
  const warm = Math.min(WARM, requests);
  for (let index = -warm; index < requests; index += 1) {
    const { ms, body } = await getAnswer(`${url}/api/v1${question.path(random, traces)}`);
    if (index < 0) continue;
    times.push(ms);
    bytes += body.length;
  }
  times.sort((a, b) => a - b);
  const at = (q: number) => times[Math.max(0, Math.ceil(q * times.length) - 1)] ?? Number.NaN;
  return { name: question.name, p50: at(0.5), p95: at(0.95), p99: at(0.99), bytes: bytes / requests };
}

/** The same requests in every run. */
function randomOf(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const role = ownTask<Role>();
if (role === null) await main();
else await play(role);
