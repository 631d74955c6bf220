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
import lock from '../server/runtime/kafka/jars.lock.json' with { type: 'json' };
import { migrate } from '../server/store/migrate.ts';
import type { Produced } from './latency/produce-at-rate.ts';
import { play, type Role } from './latency/roles.ts';
import {
  correlationIdOf,
  fill,
  longTrace,
  orderIdOf,
  serviceName,
  TYPES,
  topicName,
  typeName,
} from './query/filled-database.ts';
import { getAnswer } from './query/get-answer.ts';
import { inOwnProcess, ownTask } from './support/own-process.ts';
import { createTopic } from './support/produce-events.ts';
import { machine, writeResults } from './support/results.ts';
import { startBenchKafka, startBenchPostgres, withDatabase } from './support/services.ts';

const TOPIC = 'bench.query';
const PARTITIONS = 6;
const INGEST_PER_S = 1_000;
/** Requests of each kind before those that count: until then V8 runs the web's code unoptimised. */
const WARM = 500;

interface Question {
  readonly name: string;
  /** Highest p50 and p95 in ms that are asked for; null where nothing is. */
  readonly p50: number | null;
  readonly p95: number;
  path(random: () => number, traces: number): string;
}

const anyType = (random: () => number) => Math.floor(random() * TYPES);
const QUESTIONS: readonly Question[] = [
  {
    ...{ name: 'trace by id, 20 events with payloads', p50: 10, p95: 25 },
    path: (random, traces) => `/traces/${correlationIdOf(longTrace(random(), traces))}?include=payload`,
  },
  { name: 'traces, newest', p50: null, p95: 100, path: () => '/traces' },
  { name: 'traces by type', p50: null, p95: 100, path: (random) => `/traces?event_type=${typeName(anyType(random))}` },
  {
    name: 'traces by service',
    p50: null,
    p95: 100,
    path: (random) => `/traces?service=${serviceName(anyType(random))}`,
  },
  { name: 'traces by topic', p50: null, p95: 100, path: (random) => `/traces?topic=${topicName(anyType(random))}` },
  {
    ...{ name: 'traces by status', p50: null, p95: 100 },
    path: (random) => `/traces?status=${random() < 0.5 ? 'running' : 'unknown'}`,
  },
  {
    ...{ name: 'traces by time', p50: null, p95: 100 },
    path: (random) => `/traces?from=-${1 + Math.floor(random() * 1380)}m&to=-${Math.floor(random())}m`,
  },
  {
    name: 'traces by duration',
    p50: null,
    p95: 100,
    path: (random) => `/traces?min_duration_ms=${Math.floor(random() * 1500)}`,
  },
  {
    ...{ name: 'traces by begin of an id', p50: null, p95: 100 },
    path: (random, traces) =>
      `/traces?q=${correlationIdOf(Math.floor(random() * traces)).slice(0, 2 + Math.floor(random() * 8))}`,
  },
  {
    ...{ name: 'search by field', p50: null, p95: 100 },
    path: (random, traces) => `/traces?field=order_id:${orderIdOf(Math.floor(random() * traces))}`,
  },
  { name: '/latency over 24 h', p50: null, p95: 100, path: () => '/latency?from=-24h' },
  { name: '/flow over 24 h', p50: null, p95: 100, path: () => '/flow?from=-24h' },
];

interface Answered {
  readonly name: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly bytes: number;
}

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
    const run = (url: string) => measure(url, kafka.brokers, values);
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

async function measure(databaseUrl: string, brokers: string, options: Options): Promise<void> {
  await migrate(databaseUrl, { directory: path.join(projectRoot(), 'server/store/migrations') });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const count = async (table: string) => Number((await pool.query(`select count(*) as n from ${table}`)).rows[0]?.n);
  // One term for each trace that was filled in; other runs leave traces of their own.
  const traces =
    (await count('term where kind = 3')) ||
    (await fill(databaseUrl, Number(options.events), (line) => console.log(line)));
  const stored = await count('event');
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
    stored,
    traces,
    requests: options.requests,
    behind,
    version: settings[0].version,
    buffers: settings[0].buffers,
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

function resultText(
  answered: readonly Answered[],
  facts: {
    stored: number;
    traces: number;
    requests: string;
    behind: readonly number[];
    version: string;
    buffers: string;
  },
): string {
  const behind = [...facts.behind].sort((a, b) => a - b);
  const lag = behind[Math.max(0, Math.ceil(0.95 * behind.length) - 1)] ?? Number.NaN;
  const wanted = (name: string) => QUESTIONS.find((each) => each.name === name);
  return [
    `${facts.stored.toLocaleString('en')} events in ${facts.traces.toLocaleString('en')} traces of the last 24 hours, ${TYPES} types, ${TYPES * 2} edges; ${facts.requests} random requests each,`,
    `one after the other over HTTP, warm, while a tap stores ${INGEST_PER_S.toLocaleString('en')} events a second (settle behind by ${lag.toFixed(1)} s at p95).`,
    '',
    '| question | p50 ms | p95 ms | p99 ms | asked p95 | kB |',
    '|---|---:|---:|---:|---:|---:|',
    ...answered.map((one) => {
      const asked = `${wanted(one.name)?.p50 == null ? '' : `p50 ${wanted(one.name)?.p50}, `}${wanted(one.name)?.p95}`;
      return `| ${one.name} | ${one.p50.toFixed(1)} | ${one.p95.toFixed(1)} | ${one.p99.toFixed(1)} | ${asked} | ${(one.bytes / 1000).toFixed(1)} |`;
    }),
    '',
    `PostgreSQL ${facts.version} (shared_buffers ${facts.buffers}), Apache Kafka ${lock.kafka}; ${machine()}.`,
  ].join('\n');
}

const role = ownTask<Role>();
if (role === null) await main();
else await play(role);
