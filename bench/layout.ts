// How an event's row and its indexes are best laid out: the same rows copied into tables of different layouts, and looked
// up by trace and by event id. Nothing but PostgreSQL is measured.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { micros } from '../server/model/time.ts';
import { CopyBinary } from '../server/store/copy-binary.ts';
import { copyIn } from '../server/store/copy-in.ts';
import { bytesOf, cpuSecondsOfTree } from './support/postgres-cost.ts';
import { machine, median, writeResults } from './support/results.ts';
import { startBenchPostgres, withDatabase } from './support/services.ts';

const ROWS_A_BATCH = 5_000;
const EVENTS_PER_TRACE = 8;
const LOOK_UPS = 300;

interface EventKeys {
  readonly trace: string;
  readonly event: string;
  readonly cause: string | null;
}

interface Layout {
  readonly name: string;
  readonly columns: string;
  readonly table: string;
  readonly indexes: readonly string[];
  encode(copy: CopyBinary, keys: EventKeys, index: number): void;
}

const TIME = 1_760_000_000_000_000;

/** As migration 1 has it: nullable columns, and room lost between columns of different widths. */
const WIDE = {
  columns: `stored_day, incarnation_id, partition, "offset", trace_key, event_key, causation_key, body_hash, type_id,
    service_id, dialect_id, occurred_at, recorded_at, stored_at, workspace_id, id_kind, timestamp_type,
    causation_is_correlation, flags, reason, resolver_version, mask_version`,
  table: `stored_day date not null, incarnation_id int not null, partition int not null, "offset" bigint not null,
    trace_key uuid not null, event_key uuid, causation_key uuid, body_hash bigint not null, type_id int not null,
    service_id int, dialect_id int not null, occurred_at timestamptz not null, recorded_at timestamptz not null,
    stored_at timestamptz not null, workspace_id smallint not null, id_kind smallint not null,
    timestamp_type smallint not null, causation_is_correlation boolean not null, flags smallint not null,
    reason smallint, resolver_version smallint not null, mask_version smallint not null`,
  encode(copy: CopyBinary, { trace, event, cause }: EventKeys, index: number) {
    copy
      .row(22)
      .date(20_000)
      .int4(1)
      .int4(index % 18)
      .int8(BigInt(index))
      .uuid(trace)
      .uuid(event);
    if (cause === null) copy.null();
    else copy.uuid(cause);
    copy
      .int8(BigInt(index) * 7_919n)
      .int4(index % 8)
      .int4(index % 5)
      .int4(1);
    for (let times = 0; times < 3; times++) copy.timestamptz(micros(TIME + index * 50));
    copy.int2(1).int2(1).int2(1).bool(false).int2(0).null().int2(1).int2(1);
  },
} satisfies Partial<Layout>;

/** Widest columns first, small facts as bits of one column, 0 for none: no null bitmap in most rows, nothing lost. */
const PACKED = {
  columns: `"offset", body_hash, occurred_at, recorded_at, stored_at, trace_key, event_key, causation_key, stored_day,
    incarnation_id, partition, type_id, service_id, dialect_id, flags, reason, resolver_version, mask_version`,
  table: `"offset" bigint not null, body_hash bigint not null, occurred_at timestamptz not null,
    recorded_at timestamptz not null, stored_at timestamptz not null, trace_key uuid not null, event_key uuid,
    causation_key uuid, stored_day date not null, incarnation_id int not null, partition int not null,
    type_id int not null, service_id int not null, dialect_id int not null, flags smallint not null,
    reason smallint not null, resolver_version smallint not null, mask_version smallint not null`,
  encode(copy: CopyBinary, { trace, event, cause }: EventKeys, index: number) {
    copy
      .row(18)
      .int8(BigInt(index))
      .int8(BigInt(index) * 7_919n);
    for (let times = 0; times < 3; times++) copy.timestamptz(micros(TIME + index * 50));
    copy.uuid(trace).uuid(event);
    if (cause === null) copy.null();
    else copy.uuid(cause);
    copy
      .date(20_000)
      .int4(1)
      .int4(index % 18)
      .int4(index % 8)
      .int4(index % 5)
      .int4(1);
    copy.int2(0).int2(0).int2(1).int2(1);
  },
} satisfies Partial<Layout>;

const BY_TIME = 'using brin (occurred_at timestamptz_minmax_multi_ops)';
const LAYOUTS: readonly Layout[] = [
  { name: 'as migration 1: btree trace, btree event', ...WIDE, indexes: ['(trace_key)', '(event_key)', BY_TIME] },
  { name: 'packed: btree trace, btree event', ...PACKED, indexes: ['(trace_key)', '(event_key)', BY_TIME] },
  {
    name: 'packed: hash trace, hash event',
    ...PACKED,
    indexes: ['using hash (trace_key)', 'using hash (event_key)', BY_TIME],
  },
  { name: 'packed: btree trace, hash event', ...PACKED, indexes: ['(trace_key)', 'using hash (event_key)', BY_TIME] },
  {
    name: 'packed: btree trace, bloom event',
    ...PACKED,
    indexes: ['(trace_key)', 'using brin (event_key uuid_bloom_ops) with (pages_per_range = 64)', BY_TIME],
  },
  { name: 'packed: btree trace alone', ...PACKED, indexes: ['(trace_key)', BY_TIME] },
  { name: 'packed: no index (positions in the trace row)', ...PACKED, indexes: [BY_TIME] },
];

interface Measured {
  readonly rowsPerS: number;
  readonly cpuS: number;
  readonly walPerRow: number;
  readonly heapPerRow: number;
  readonly indexPerRow: number;
  readonly traceMs: number;
  readonly eventMs: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
  });
  const rows = Number(values.rows);
  const keys = makeKeys(rows);
  const postgres = await startBenchPostgres();
  try {
    const runs = new Map<Layout, Measured[]>(LAYOUTS.map((layout) => [layout, []]));
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const layout of round % 2 === 0 ? LAYOUTS : LAYOUTS.toReversed()) {
        const measured = await withDatabase(postgres, (url) => measure(url, postgres.pid, layout, keys));
        console.log(layout.name, JSON.stringify(measured));
        runs.get(layout)?.push(measured);
      }
    }
    const text = resultText(
      runs,
      `${rows.toLocaleString('en')} rows, batches of ${ROWS_A_BATCH.toLocaleString('en')} on one connection, PostgreSQL ${postgres.version} (fsync on), medians of ${values.rounds} interleaved rounds; ${machine()}.`,
    );
    console.log(`\n${text}`);
    writeResults('layout', text);
  } finally {
    await postgres.stop();
  }
}

function makeKeys(rows: number): EventKeys[] {
  const keys: EventKeys[] = [];
  let trace = randomUUID();
  for (let index = 0; index < rows; index++) {
    if (index % EVENTS_PER_TRACE === 0) trace = randomUUID();
    keys.push({
      trace,
      event: randomUUID(),
      cause: index % EVENTS_PER_TRACE === 0 ? null : (keys[index - 1]?.event ?? null),
    });
  }
  return keys;
}

async function measure(
  url: string,
  postgresPid: number,
  layout: Layout,
  keys: readonly EventKeys[],
): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const client = await pool.connect();
  try {
    await client.query(`create table measured (${layout.table})`);
    for (const index of layout.indexes) await client.query(`create index on measured ${index}`);
    const { wal } = await bytesOf(client);
    const cpu = cpuSecondsOfTree(postgresPid);
    let seconds = 0;
    for (let from = 0; from < keys.length; from += ROWS_A_BATCH) {
      const copy = new CopyBinary();
      for (const [place, each] of keys.slice(from, from + ROWS_A_BATCH).entries())
        layout.encode(copy, each, from + place);
      const began = performance.now();
      await copyIn(client, [{ table: 'measured', columns: layout.columns, copy: copy }]);
      seconds += (performance.now() - began) / 1000;
    }
    const after = await bytesOf(client);
    const cpuS = cpuSecondsOfTree(postgresPid) - cpu;
    const { rows } = await client.query<{ heap: string; index: string }>(
      `select pg_relation_size('measured')::text as heap, pg_indexes_size('measured')::text as index`,
    );
    await client.query('vacuum analyze measured');
    const samples = Array.from({ length: LOOK_UPS }, (_, place) => keys[Math.floor((place * keys.length) / LOOK_UPS)]);
    const indexed = (column: string) => layout.indexes.some((index) => index.includes(column));
    return {
      rowsPerS: keys.length / seconds,
      cpuS: (cpuS * 1e6) / keys.length,
      walPerRow: (after.wal - wal) / keys.length,
      heapPerRow: Number(rows[0]?.heap) / keys.length,
      indexPerRow: Number(rows[0]?.index) / keys.length,
      traceMs: indexed('trace_key')
        ? await lookUp(
            client,
            'trace_key',
            samples.map((each) => each?.trace),
          )
        : Number.NaN,
      eventMs: indexed('event_key')
        ? await lookUp(
            client,
            'event_key',
            samples.map((each) => each?.event),
          )
        : Number.NaN,
    };
  } finally {
    client.release();
    await pool.end();
  }
}

async function lookUp(client: pg.PoolClient, column: string, keys: readonly (string | undefined)[]): Promise<number> {
  const times: number[] = [];
  for (const key of keys) {
    const began = performance.now();
    await client.query(`select "offset" from measured where ${column} = $1`, [key]);
    times.push(performance.now() - began);
  }
  return median(times);
}

function resultText(runs: ReadonlyMap<Layout, readonly Measured[]>, footer: string): string {
  const lines = [...runs].map(([{ name }, measured]) => {
    const of = (figure: keyof Measured, digits: number) => {
      const value = median(measured.map((each) => each[figure]));
      return Number.isNaN(value) ? '–' : value.toFixed(digits);
    };
    return `| ${name} | ${of('rowsPerS', 0)} | ${of('cpuS', 1)} | ${of('walPerRow', 0)} | ${of('heapPerRow', 0)} + ${of('indexPerRow', 0)} | ${of('traceMs', 2)} | ${of('eventMs', 2)} |`;
  });
  return [
    'Narrow event rows copied in binary into tables of different layouts, then looked up by trace and by event id.',
    '',
    '| layout | rows/s | PostgreSQL CPU s per million | WAL B/row | heap + index B/row | trace ms | event id ms |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...lines,
    '',
    footer,
  ].join('\n');
}

await main();
