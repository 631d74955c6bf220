import pg from 'pg';
import { readFileSync } from 'node:fs';
import { migrate } from './server/store/migrate.ts';
import { createReads } from './server/store/read/reads.ts';
import { micros, millis } from './server/model/time.ts';
const base = readFileSync('/tmp/keepx/pg.url', 'utf8').trim();
const admin = new pg.Client({ connectionString: base }); await admin.connect();
await admin.query('drop database if exists cov with (force)'); await admin.query('create database cov'); await admin.end();
const url = base.replace(/\/postgres$/, '/cov');
await migrate(url, { directory: 'server/store/migrations' });
const pool = new pg.Pool({ connectionString: url });
const t0 = Date.now();
await pool.query(`insert into cluster (workspace_id, kafka_id, name, source) values (1,'c','c','kafka')`);
await pool.query(`insert into incarnation (workspace_id, cluster_id, topic, n) select 1,1,'topic-'||lpad(g::text,4,'0'),1 from generate_series(1,1000) g`);
await pool.query(`insert into partition_state (incarnation_id, partition, first_offset, next_offset, last_recorded_at, low, high, sampled_at, stored_count, undecodable_count, uncorrelated_count, all_read_at)
  select i.id, p, 0, 1000000, now(), 0, 1000000 + (i.id % 7), now(), 1000000, 10, 1000, now() from incarnation i, generate_series(0,2) p`);
await pool.query(`insert into hole (incarnation_id, partition, from_offset, to_offset, reason, from_time, to_time)
  select i.id, 0, h*1000, h*1000+10, 'compaction', now() - h*interval '1 minute', now() - h*interval '1 minute' from incarnation i, generate_series(1,1) h`);
await pool.query(`insert into expired_day (workspace_id, kept_as, day, records, undecodable, uncorrelated, bytes, why, dropped_at) select 1, 'payload', current_date - g, 1000000, 1, 10, 1, 'age', now() from generate_series(7, 370) g`);
for (let m = 0; m < 14; m++) await pool.query(`select add_period('ingest_count','month', (date_trunc('month', now()) - $1 * interval '1 month')::date)`, [m]);
await pool.query(`insert into ingest_count select gen_random_uuid(), date_trunc('minute', now()) - (g/200)*interval '1 minute' , date_trunc('minute', now()) - (g/200)*interval '1 minute', 1 + g % 1000, 1, 0, 0, 0, 1, 5 from generate_series(1, 200000) g where date_trunc('minute', now()) - (g/200)*interval '1 minute' > now() - interval '13 months'`);
await pool.query('analyze');
console.log('seeded', Date.now() - t0, 'ms');
let now = Date.now();
const reads = createReads({ pool, workspaceId: 1, declaredFlows: [], episodeGapMs: 1, clock: { now: () => millis(now) }, resolve: () => { throw new Error('no'); } });
const time = async (name: string, work: () => Promise<unknown>) => {
  const times: number[] = [];
  for (let i = 0; i < 25; i++) { now += 5000; const a = performance.now(); await work(); times.push(performance.now() - a); }
  times.sort((a, b) => a - b);
  console.log(name, 'p50', times[12]?.toFixed(1), 'p95', times[23]?.toFixed(1), 'max', times[24]?.toFixed(1));
};
const range = () => ({ from: micros((Date.now() - 3600e3) * 1000), to: micros(Date.now() * 1000) });
await time('old totals: sum over ingest_count', () => pool.query(`select sum(records), sum(records) filter (where reason = 1) from ingest_count where workspace_id = 1`));
await time('pulse', () => reads.pulse());
await time('coverage (sums and line)', () => reads.coverage(range()));
await time('coverage + 100 partitions', async () => { await Promise.all([reads.coverage(range()), reads.partitions({ withHoles: false, limit: 100 })]); });
await time('coverage + 1000 partitions', async () => { await Promise.all([reads.coverage(range()), reads.partitions({ withHoles: false, limit: 1000 })]); });
const summary = await reads.coverage(range());
console.log('bytes', JSON.stringify(summary).length, 'with 100', JSON.stringify(await reads.partitions({ withHoles: false, limit: 100 })).length);
await pool.end();
