import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../e2e/support/test-database.ts';
import { until } from '../../e2e/support/until.ts';
import { type Config, loadConfig } from '../config/load-config.ts';
import { buildSource } from './build-source.ts';
import { readSchemasInForce } from './schemas/schemas-in-force.ts';
import { createTap, type Tap } from './tap.ts';

let database: TestDatabase;
let pool: pg.Pool;
let dataDir = '';
let tap: Tap | null = null;

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'throughline-replay-'));
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
});

afterAll(async () => {
  await stopTap();
  await pool?.end();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function startTap(): Promise<void> {
  const config = configFor(dataDir);
  tap = createTap(config, {
    databaseUrl: database.url,
    source: buildSource(config),
    schemas: await readSchemasInForce([]),
    say: () => {},
  });
  await tap.start();
}

async function stopTap(): Promise<void> {
  await tap?.stop();
  tap = null;
}

/** The content of every stored record, by its place. */
async function stored(): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ place: string; content: string }>(
    `select i.topic || '~' || i.n || '/' || e.partition || '/' || e."offset" as place,
       e.body_hash || ' ' || e.trace_key || ' ' || e.recorded_at as content
     from event e join incarnation i on i.id = e.incarnation_id`,
  );
  const places = new Map(rows.map(({ place, content }) => [place, content]));
  expect(places.size, 'each place once').toBe(rows.length);
  return places;
}

const caughtUp = () =>
  until('the tap to have read all', async () => {
    const { rows } = await pool.query<{ read: number }>(
      'select count(*) filter (where next_offset >= high)::int as read from partition_state',
    );
    return rows[0]?.read === PARTITIONS;
  });

/** Partitions that the recording speaks of. */
const PARTITIONS = new Set(
  readFileSync(path.resolve(import.meta.dirname, '../../demo/recording/conversations.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line))
    .map(({ topic, partition }) => `${topic}/${partition}`),
).size;

it('the recording is there at once, from its first record, as traces of ten topics', async () => {
  await startTap();
  await caughtUp();
  const { rows } = await pool.query<{ source: string; topics: number; first: string }>(
    `select c.source, count(distinct i.topic)::int as topics, max(p.first_offset)::text as first
     from cluster c join incarnation i on i.cluster_id = c.id join partition_state p on p.incarnation_id = i.id
     group by 1`,
  );
  expect(rows).toEqual([{ source: 'replay', topics: 10, first: '0' }]);
  await until('traces', async () => (await pool.query('select from trace where event_count >= 5')).rowCount);
});

it('after a stop the tap goes on: nothing twice, and what was stored is what is played at those offsets', async () => {
  await stopTap();
  const before = await stored();
  expect(before.size).toBeGreaterThan(1000);
  // Plays everything anew: the same data folder, nothing stored.
  await pool.query('truncate event, partition_state, hole, segment, segment_bytes, trace, hop, dirty_mark cascade');
  await startTap();
  await caughtUp();
  const again = await stored();
  for (const [place, content] of before) expect(again.get(place), place).toBe(content);
  await stopTap();
  await startTap();
  await until('one more record', async () => (await stored()).size > again.size);
});

function configFor(dataFolder: string): Config {
  const read = loadConfig({
    env: { THROUGHLINE_SOURCE: 'replay', THROUGHLINE_DATA_DIR: dataFolder, THROUGHLINE_CONFIG: 'test.yaml' },
    workingDir: '/',
    platform: { platform: 'linux', home: '/', isRoot: false, xdgDataHome: undefined, xdgCacheHome: undefined },
    readFile: () => '',
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.config;
}
