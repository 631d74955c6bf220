// How many records a segment is best given: what packing costs, what it takes on disk, and what one record costs to read.
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { RawRecord } from '../server/model/record.ts';
import { decodeSegment, encodeSegment } from '../server/store/segment.ts';
import { makeEvent } from './support/omninode-events.ts';
import { machine, median, writeResults } from './support/results.ts';
import { startBenchPostgres, withDatabase } from './support/services.ts';

const SIZES = [8, 16, 32, 64, 128] as const;
/** As many records as a trace has in the bench of queries, each out of a segment of its own. */
const RECORDS_OF_A_TRACE = 20;
const LOOKS = 300;

interface Measured {
  readonly packUs: number;
  readonly bytes: number;
  readonly openUs: number;
  readonly fetchMs: number;
  readonly fetchP95Ms: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { events: { type: 'string', default: '400000' }, rounds: { type: 'string', default: '3' } },
  });
  const postgres = await startBenchPostgres();
  const runs = new Map(SIZES.map((size) => [size, [] as Measured[]]));
  try {
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const size of SIZES) {
        const one = await withDatabase(postgres, (url) => measure(url, size, Number(values.events)));
        runs.get(size)?.push(one);
        console.log(size, JSON.stringify(one));
      }
    }
  } finally {
    await postgres.stop();
  }
  const lines = SIZES.map((size) => {
    const of = (figure: keyof Measured, digits: number) =>
      median((runs.get(size) ?? []).map((each) => each[figure])).toFixed(digits);
    return `| ${size} | ${of('packUs', 2)} | ${of('bytes', 0)} | ${of('openUs', 0)} | ${of('fetchMs', 2)} | ${of('fetchP95Ms', 2)} |`;
  });
  const text = [
    `${values.events} OmniNode events, medians of ${values.rounds} rounds. Bytes on disk are those of both tables of segments with their indexes.`,
    `A trace's records: ${RECORDS_OF_A_TRACE} records, each from a segment of its own, fetched and opened (${LOOKS} looks).`,
    '',
    '| records a segment | to pack, µs an event | bytes an event | to open for one record, µs | a trace p50 ms | p95 ms |',
    '|---:|---:|---:|---:|---:|---:|',
    ...lines,
    '',
    `${machine()}.`,
  ].join('\n');
  console.log(`\n${text}`);
  writeResults('segments', text);
}

async function measure(url: string, size: number, events: number): Promise<Measured> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const packUs = await store(client, size, events);
    const { rows } = await client.query<{ bytes: string }>(
      `select sum(pg_total_relation_size(oid)) as bytes from pg_class where relkind = 'r' and relname in ('measured', 'measured_bytes')`,
    );
    const [openUs, times] = await look(client, size, events);
    times.sort((a, b) => a - b);
    return {
      packUs,
      bytes: Number(rows[0]?.bytes) / events,
      openUs,
      fetchMs: median(times),
      fetchP95Ms: times[Math.floor(times.length * 0.95)] ?? Number.NaN,
    };
  } finally {
    await client.end();
  }
}

const TABLES = `
  create table measured (like segment);
  create index on measured (incarnation_id, partition, base_offset);
  create table measured_bytes (like segment_bytes including storage);
  create index on measured_bytes (incarnation_id, partition, base_offset)`;

async function store(client: pg.Client, size: number, events: number): Promise<number> {
  await client.query(TABLES);
  let us = 0;
  for (let first = 0; first < events; first += size) {
    const records = Array.from({ length: Math.min(size, events - first) }, (_, place) => recordOf(first + place));
    const began = process.cpuUsage();
    const { baseOffset, recordCount, checksum, bytes } = await encodeSegment(records);
    const { user, system } = process.cpuUsage(began);
    us += user + system;
    const day = '2026-01-01';
    await client.query(
      `with s as (insert into measured values ($1, 1, 0, $2, $3, (select array_agg(gen_random_uuid()) from generate_series(1, $4::int))))
       insert into measured_bytes values ($1, 1, 0, $2, $5, $6)`,
      [day, baseOffset, recordCount, recordCount, checksum, bytes],
    );
  }
  await client.query('vacuum analyze measured');
  await client.query('vacuum analyze measured_bytes');
  return us / events;
}

function recordOf(index: number): RawRecord {
  const event = makeEvent(index, { headers: true });
  const headers = Object.entries(event.headers ?? {}).map(([name, value]) => ({
    name: Buffer.from(name),
    value: Buffer.from(String(value)),
  }));
  return {
    offset: BigInt(index),
    key: Buffer.from(String(event.key)),
    headers,
    value: Buffer.from(String(event.value)),
  };
}

async function look(client: pg.Client, size: number, events: number): Promise<[number, number[]]> {
  const times: number[] = [];
  let us = 0;
  for (let round = 0; round < LOOKS; round += 1) {
    const offsets = Array.from({ length: RECORDS_OF_A_TRACE }, (_, place) =>
      Math.floor((round * 7_919 + place * 104_729 * 31) % events),
    );
    const bases = offsets.map((offset) => offset - (offset % size));
    const began = performance.now();
    const { rows } = await client.query<{ base_offset: string; checksum: string; bytes: Buffer }>({
      name: 'look',
      text: 'select base_offset, checksum, bytes from measured_bytes where incarnation_id = 1 and partition = 0 and base_offset = any($1::bigint[])',
      values: [bases],
    });
    const fetched = performance.now();
    for (const row of rows) {
      const base = Number(row.base_offset);
      const wanted = new Set(offsets.filter((offset) => offset - (offset % size) === base).map(BigInt));
      decodeSegment(BigInt(base), Number(row.checksum), row.bytes, wanted);
    }
    us += ((performance.now() - fetched) * 1000) / rows.length;
    times.push(performance.now() - began);
  }
  return [us / LOOKS, times];
}

await main();
