import type { PoolClient } from 'pg';
import { addToEncoded } from '../../model/histogram.ts';
import type { Micros } from '../../model/time.ts';
import { SHARDS } from '../../ports/settle-store.ts';
import { microsToSql, timeSql } from '../sql-time.ts';
import {
  countsOf,
  greaterOf,
  HELD_COLUMNS,
  type Holder,
  holderOf,
  lotOf,
  type SumCounts,
  type SumRow,
} from '../sum-row.ts';
import { TIERS, type Tier } from '../tiers.ts';
import type { RowChanges } from './hop-row.ts';
import { holderKey, type SumChange, sumChanges, widerChanges } from './hop-sums.ts';

/** Which sums are written: of a shard, live or sealed. */
export interface SumPlace {
  readonly workspaceId: number;
  readonly shard: number;
  readonly sealed: boolean;
}

/**
 * Adds what changed hop rows change to the sums of every width. The shard's lock is held, so nobody else writes its sums:
 * they are read, added to, and written back. Hop rows must be written before: a sum whose greatest time has left looks
 * for the next one among them, an hour among its minutes, a day among its hours. Sealed sums keep theirs: what they were
 * made of is not stored any more.
 */
export async function applySums(client: PoolClient, at: SumPlace, changes: RowChanges): Promise<void> {
  let changed: readonly SumChange[] = [];
  for (const [place, tier] of TIERS.entries()) {
    changed = place === 0 ? sumChanges(changes, tier) : widerChanges(changed, tier);
    if (changed.length === 0) return;
    const before = await readSums(client, tier, at, changed);
    const sums = changed.map((change, place) => added(change, before[place]));
    if (!at.sealed) await findHolders(client, tier, TIERS[place - 1] ?? null, at, sums);
    await writeSums(client, tier, at, sums);
    if (tier.hours !== null) await moveVersions(client, tier.hours, at.shard, sums);
  }
}

async function moveVersions(client: PoolClient, hours: number, shard: number, sums: readonly Sum[]): Promise<void> {
  const buckets = [...new Set(sums.map((sum) => sum.bucket))];
  await client.query({
    text: `
      insert into hop_sum_version as v (hours, bucket, shard, version)
      select $1, ${timeSql('bucket_us')}, $2, (extract(epoch from clock_timestamp()) * 1000000)::bigint from unnest($3::bigint[]) as b(bucket_us)
      on conflict (hours, bucket, shard) do update set version = v.version + 1`,
    values: [hours, shard, buckets.map(microsToSql)],
  });
}

interface Sum extends SumCounts {
  readonly seriesId: number;
  readonly bucket: Micros;
  /** As `encodeHistogram` writes it. */
  readonly histogram: Buffer;
  max: Holder | null;
  lot: Holder | null;
  /** A holder left: the next one is somewhere else. */
  readonly lostHolder: boolean;
}

interface StoredSum extends Omit<SumRow, 'bucket_us' | 'series_id' | 'shard'> {
  /** Of the change that is asked for, from 1. */
  readonly place: number;
}

/** The sums that changes add to, at their places; none where there is none yet. */
async function readSums(
  client: PoolClient,
  { table }: Tier,
  { shard, sealed }: SumPlace,
  changed: readonly SumChange[],
): Promise<readonly (StoredSum | undefined)[]> {
  const { rows } = await client.query<StoredSum>({
    text: `
      select c.place::int, ${HELD_COLUMNS}
      from unnest($2::int[], $3::bigint[]) with ordinality as c(series_id, bucket_us, place)
      join ${table} s on s.bucket = ${timeSql('c.bucket_us')} and s.series_id = c.series_id
        and s.shard = $1 and s.sealed = $4`,
    values: [
      shard,
      changed.map((change) => change.seriesId),
      changed.map((change) => microsToSql(change.bucket)),
      sealed,
    ],
  });
  const sums: (StoredSum | undefined)[] = [];
  for (const row of rows) sums[row.place - 1] = row;
  return sums;
}

function added(change: SumChange, row: StoredSum | undefined): Sum {
  const before = row === undefined ? NOTHING : countsOf(row);
  const max = row === undefined ? null : holderOf(row.max_us, row.max_trace);
  const lot = row === undefined ? null : holderOf(row.lot_us, row.lot_trace);
  const { gone } = change;
  const left = (holder: Holder | null) => gone !== null && holder !== null && gone.has(holderKey(holder));
  return {
    seriesId: change.seriesId,
    bucket: change.bucket,
    effects: before.effects + change.effects,
    skewed: before.skewed + change.skewed,
    acrossGap: before.acrossGap + change.acrossGap,
    extra: before.extra + change.extra,
    measured: before.measured + change.measured,
    histogram: addToEncoded(row?.histogram ?? NO_BYTES, change.histogram),
    max: greaterOf(max, change.max),
    lot: lotOf(lot, change.lot),
    lostHolder: left(max) || left(lot),
  };
}

const NO_BYTES = Buffer.alloc(0);
const NOTHING: SumCounts = { effects: 0, skewed: 0, acrossGap: 0, extra: 0, measured: 0 };

interface HolderRow {
  place: number;
  max_us: string | null;
  max_trace: string | null;
  lot_us: string | null;
  lot_trace: string | null;
}

/** Looks up anew who holds the sums that lost a holder: a minute among hop rows, a wider sum among the next finer ones. */
async function findHolders(
  client: PoolClient,
  tier: Tier,
  finer: Tier | null,
  { workspaceId, shard }: SumPlace,
  sums: readonly Sum[],
): Promise<void> {
  const lost = sums.filter((sum) => sum.lostHolder);
  if (lost.length === 0) return;
  const { rows } = await client.query<HolderRow>({
    text: finer === null ? AMONG_HOPS : amongSums(finer),
    values: [
      shard,
      lost.map((sum) => sum.seriesId),
      lost.map((sum) => microsToSql(sum.bucket)),
      finer === null ? workspaceId : tier.widthUs,
    ],
  });
  for (const row of rows) {
    const sum = lost[row.place - 1];
    if (sum === undefined) continue;
    sum.max = holderOf(row.max_us, row.max_trace);
    sum.lot = holderOf(row.lot_us, row.lot_trace);
  }
}

// Flags 1 and 2 (clock skew, across a gap) are in no histogram. Of a day that is being sealed those rows are live whose trace
// still has it.
const LIVE_HOP = `not h.sealed and (h.stored_day > (select day from over)
      or exists (select from trace t where t.trace_key = h.trace_key and t.first_day <= h.stored_day))`;
const AMONG_HOPS = `
  with over as materialized (
    select coalesce(max(day), '-infinity'::date) as day from expired_day
    where workspace_id = $4 and kept_as = 'events' and sealing_at is not null
  )
  select c.place::int, m.us as max_us, m.trace_key::text as max_trace, l.us as lot_us, l.trace_key::text as lot_trace
  from unnest($2::int[], $3::bigint[]) with ordinality as c(series_id, bucket_us, place)
  left join lateral (
    select h.hop_us as us, h.trace_key from hop h
    where h.series_id = c.series_id and h.minute = ${timeSql('c.bucket_us')} and h.ordinal <= 0 and h.hop_us >= 0
      and h.flags & 3 = 0 and get_byte(uuid_send(h.trace_key), 15) % ${SHARDS} = $1 and ${LIVE_HOP}
    order by h.hop_us desc, h.trace_key limit 1
  ) m on true
  left join lateral (
    select h.hop_us as us, h.trace_key from hop h
    where h.series_id = c.series_id and h.minute = ${timeSql('c.bucket_us')} and h.ordinal <= 0 and h.hop_us >= 0
      and h.flags & 3 = 0 and get_byte(uuid_send(h.trace_key), 15) % ${SHARDS} = $1 and ${LIVE_HOP}
    order by h.trace_key, h.hop_us limit 1
  ) l on true`;

function amongSums({ table }: Tier): string {
  const within = `s.bucket >= ${timeSql('c.bucket_us')}
      and s.bucket < ${timeSql('c.bucket_us')} + $4::bigint * interval '1 microsecond'
      and s.series_id = c.series_id and s.shard = $1 and not s.sealed`;
  return `
  select c.place::int, m.max_us, m.max_trace::text, l.lot_us, l.lot_trace::text
  from unnest($2::int[], $3::bigint[]) with ordinality as c(series_id, bucket_us, place)
  left join lateral (
    select s.max_us, s.max_trace from ${table} s where ${within} and s.max_us is not null
    order by s.max_us desc, s.max_trace limit 1
  ) m on true
  left join lateral (
    select s.lot_us, s.lot_trace from ${table} s where ${within} and s.lot_us is not null
    order by s.lot_trace, s.lot_us limit 1
  ) l on true`;
}

/** Writes sums back; one that has come to nothing goes, so that the same traces always leave the same rows. */
async function writeSums(
  client: PoolClient,
  { table }: Tier,
  { shard, sealed }: SumPlace,
  sums: readonly Sum[],
): Promise<void> {
  const empty = sums.filter(isEmpty);
  const filled = sums.filter((sum) => !isEmpty(sum));
  if (empty.length > 0) {
    await client.query({
      text: `
        delete from ${table} s using unnest($2::int[], $3::bigint[]) as c(series_id, bucket_us)
        where s.bucket = ${timeSql('c.bucket_us')} and s.series_id = c.series_id and s.shard = $1 and s.sealed = $4`,
      values: [shard, empty.map((sum) => sum.seriesId), empty.map((sum) => microsToSql(sum.bucket)), sealed],
    });
  }
  if (filled.length === 0) return;
  await client.query({
    text: writeSql(table),
    values: [
      shard,
      filled.map((sum) => sum.seriesId),
      filled.map((sum) => microsToSql(sum.bucket)),
      ...(['effects', 'skewed', 'acrossGap', 'extra', 'measured'] as const).map((field) =>
        filled.map((sum) => sum[field]),
      ),
      filled.map((sum) => sum.max?.us ?? null),
      filled.map((sum) => sum.max?.traceKey ?? null),
      filled.map((sum) => sum.lot?.us ?? null),
      filled.map((sum) => sum.lot?.traceKey ?? null),
      filled.map((sum) => sum.histogram),
      sealed,
    ],
  });
}

function isEmpty(sum: Sum): boolean {
  return sum.effects === 0 && sum.extra === 0;
}

function writeSql(table: string): string {
  return `
  insert into ${table} as s (shard, sealed, series_id, bucket, effects, skewed, across_gap, extra, measured, max_us,
    max_trace, lot_us, lot_trace, histogram)
  select $1, $14, c.series_id, ${timeSql('c.bucket_us')}, c.effects, c.skewed, c.across_gap, c.extra, c.measured,
    c.max_us, c.max_trace, c.lot_us, c.lot_trace, c.histogram
  from unnest($2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
    $9::bigint[], $10::uuid[], $11::bigint[], $12::uuid[], $13::bytea[])
    as c(series_id, bucket_us, effects, skewed, across_gap, extra, measured, max_us, max_trace, lot_us, lot_trace,
      histogram)
  on conflict (bucket, series_id, shard, sealed) do update set
    effects = excluded.effects, skewed = excluded.skewed, across_gap = excluded.across_gap, extra = excluded.extra,
    measured = excluded.measured, max_us = excluded.max_us, max_trace = excluded.max_trace, lot_us = excluded.lot_us,
    lot_trace = excluded.lot_trace, histogram = excluded.histogram`;
}
