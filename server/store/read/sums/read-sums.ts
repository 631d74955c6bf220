import type { Pool } from 'pg';
import { encodeHistogram, readHistogram } from '../../../model/histogram.ts';
import { type Micros, micros, millisToMicros } from '../../../model/time.ts';
import type { Clock } from '../../../ports/clock.ts';
import { SHARDS } from '../../../ports/settle-store.ts';
import { dayFromText, microsSql, microsToSql, timeSql } from '../../sql-time.ts';
import {
  addCounts,
  bucketTimeOf,
  countsOf,
  greaterOf,
  type Holder,
  holderOf,
  SUM_COLUMNS,
  type SumCounts,
  type SumRow,
} from '../../sum-row.ts';
import { BEGIN, inTransaction, type Queryable } from '../../transaction.ts';
import { type Series, SeriesNames } from './series-names.ts';
import { type SumRange, sumRange } from './sum-range.ts';

/** What one series took in one bucket of time: live or sealed in one shard, or all of it. */
export interface SeriesSum extends SumCounts {
  readonly series: Series;
  readonly max: Holder | null;
  /** Times of traces that it remembers, the greatest among them. */
  readonly held: readonly Holder[];
  /** As model/histogram.ts writes it. */
  readonly histogram: Buffer;
}

/** All sums of one bucket of time. */
export interface SumBucket {
  readonly at: Micros;
  /** Its time is over and its shards are added up: as long as nothing late comes, its list is the very same. */
  readonly isStill: boolean;
  /** The sums of its shards, where a series may have a live and a sealed one, or of all of them added up. */
  readonly parts: readonly (readonly SeriesSum[])[];
}

/** Most sums remembered of hours and days that did not change; those asked for longest ago leave first. */
const MOST_REMEMBERED = 150_000;
/** So long after its end hardly anything changes in a bucket: its shards are then added up. */
const STILL_AFTER_US = 300_000_000;

const DAY_US = 86_400_000_000;

const LAST_DROPPED = `
  select max(day)::text as day from expired_day
  where workspace_id = $1 and kept_as = 'events' and dropped_at is not null`;

interface Remembered {
  readonly version: string;
  readonly sums: readonly SeriesSum[];
}

/**
 * Reads sums. Hours and days that did not change since they were read are not read again: each carries a version that
 * moves in the transaction that changes it, so an answer is always what the database holds.
 */
export class SumReader {
  readonly #pool: Pool;
  readonly #workspaceId: number;
  readonly #clock: Clock;
  readonly #names: SeriesNames;
  readonly #remembered = new Map<string, Remembered>();
  #rememberedSums = 0;

  constructor(pool: Pool, workspaceId: number, clock: Clock) {
    this.#pool = pool;
    this.#workspaceId = workspaceId;
    this.#clock = clock;
    this.#names = new SeriesNames(workspaceId);
  }

  /** The sums that answer a range. Minutes of today are always kept. */
  async rangeOf(asked: { readonly from: Micros; readonly to: Micros }): Promise<SumRange> {
    const range = sumRange(asked);
    const today = Math.floor(millisToMicros(this.#clock.now()) / DAY_US) * DAY_US;
    if (range.tier.hours !== null || range.from >= today) return range;
    const { rows } = await this.#pool.query<{ day: string | null }>(LAST_DROPPED, [this.#workspaceId]);
    const day = rows[0]?.day ?? null;
    return day === null ? range : sumRange(asked, (dayFromText(day) + 1) * DAY_US);
  }

  /** The sums of a range, by bucket in order of time. Buckets without any are left out. */
  async read(range: SumRange): Promise<readonly SumBucket[]> {
    return inTransaction(this.#pool, (client) => this.#readIn(client, range), BEGIN.reading);
  }

  async #readIn(client: Queryable, range: SumRange): Promise<readonly SumBucket[]> {
    const { hours, widthUs } = range.tier;
    if (hours === null) return inOrder(bucketsOf(await this.#load(client, range, null)));
    const buckets = new Map<Micros, BucketParts>();
    const stale: Part[] = [];
    const still = millisToMicros(this.#clock.now()) - STILL_AFTER_US - widthUs;
    for (const [at, shards] of await readVersions(client, hours, range)) {
      const whole = shards.map(({ shard, version }) => `${shard} ${version}`).join();
      const merged = this.#recall(`${hours} ${at}`, whole);
      if (merged !== null) {
        buckets.set(at, { isStill: true, parts: [merged] });
        continue;
      }
      const known = shards.map((part) => this.#recall(partKey(hours, part), part.version));
      const parts = known.filter((part) => part !== null);
      buckets.set(at, { isStill: false, parts });
      stale.push(...shards.filter((_, place) => known[place] === null));
      if (parts.length < shards.length || at > still) continue;
      const sums = mergeSums(parts);
      buckets.set(at, { isStill: true, parts: [sums] });
      for (const part of shards) this.#forget(partKey(hours, part));
      this.#remember(`${hours} ${at}`, { version: whole, sums });
    }
    if (stale.length === 0) return inOrder(buckets);
    const loaded = await this.#load(client, range, stale);
    for (const part of stale) {
      // A part without sums is remembered too: it is known to be empty.
      const sums = loaded.get(part.at)?.get(part.shard) ?? [];
      buckets.get(part.at)?.parts.push(sums);
      this.#remember(partKey(hours, part), { version: part.version, sums });
    }
    return inOrder(buckets);
  }

  #recall(key: string, version: string): readonly SeriesSum[] | null {
    const known = this.#remembered.get(key);
    if (known === undefined || known.version !== version) return null;
    this.#remembered.delete(key);
    this.#remembered.set(key, known);
    return known.sums;
  }

  #remember(key: string, entry: Remembered): void {
    this.#forget(key);
    this.#remembered.set(key, entry);
    this.#rememberedSums += entry.sums.length;
    for (const oldest of this.#remembered.keys()) {
      if (this.#rememberedSums <= MOST_REMEMBERED) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#rememberedSums -= this.#remembered.get(key)?.sums.length ?? 0;
    this.#remembered.delete(key);
  }

  /** The sums of parts, or of the whole range, by bucket and shard. */
  async #load(
    client: Queryable,
    range: SumRange,
    parts: readonly Part[] | null,
  ): Promise<ReadonlyMap<Micros, ReadonlyMap<number, readonly SeriesSum[]>>> {
    const { table } = range.tier;
    const { rows } =
      parts === null
        ? await client.query<ReadRow>(
            `select ${SUM_COLUMNS}, s.sealed from ${table} s where s.bucket >= ${timeSql('$1')} and s.bucket < ${timeSql('$2')}`,
            [microsToSql(range.from), microsToSql(range.to)],
          )
        : await client.query<ReadRow>(
            `select ${SUM_COLUMNS}, s.sealed from unnest($1::bigint[], $2::smallint[]) as p(bucket_us, shard)
             join ${table} s on s.bucket = ${timeSql('p.bucket_us')} and s.shard = p.shard`,
            [parts.map(({ at }) => microsToSql(at)), parts.map(({ shard }) => shard)],
          );
    const series = await this.#names.resolve(client, new Set(rows.map((row) => row.series_id)));
    const loaded = new Map<Micros, Map<number, SeriesSum[]>>();
    for (const row of rows) {
      const named = series.get(row.series_id);
      if (named === undefined) continue;
      const at = bucketTimeOf(row);
      const shards = loaded.get(at) ?? new Map<number, SeriesSum[]>();
      loaded.set(at, shards);
      const sums = shards.get(row.shard);
      if (sums === undefined) shards.set(row.shard, [toSum(row, named)]);
      else sums.push(toSum(row, named));
    }
    return loaded;
  }
}

/** The sums of one shard in one bucket. */
interface Part {
  readonly at: Micros;
  readonly shard: number;
  readonly version: string;
}

function partKey(hours: number, { at, shard }: Part): string {
  return `${hours} ${at} ${shard}`;
}

/** A bucket while its parts are put together. */
interface BucketParts {
  readonly isStill: boolean;
  readonly parts: (readonly SeriesSum[])[];
}

function bucketsOf(
  loaded: ReadonlyMap<Micros, ReadonlyMap<number, readonly SeriesSum[]>>,
): ReadonlyMap<Micros, BucketParts> {
  return new Map([...loaded].map(([at, shards]) => [at, { isStill: false, parts: [...shards.values()] }]));
}

function inOrder(buckets: ReadonlyMap<Micros, BucketParts>): SumBucket[] {
  return [...buckets].sort(([a], [b]) => a - b).map(([at, { isStill, parts }]) => ({ at, isStill, parts }));
}

/** The version of each shard of each bucket of a range. */
async function readVersions(
  client: Queryable,
  hours: number,
  { from, to }: SumRange,
): Promise<ReadonlyMap<Micros, readonly Part[]>> {
  const { rows } = await client.query<{ bucket_us: string; shard: number; version: string }>(
    `select ${microsSql('bucket')} as bucket_us, shard, version from hop_sum_version
     where hours = $1 and bucket >= ${timeSql('$2')} and bucket < ${timeSql('$3')} and shard < ${SHARDS}
     order by bucket, shard`,
    [hours, microsToSql(from), microsToSql(to)],
  );
  const buckets = new Map<Micros, Part[]>();
  for (const { bucket_us, shard, version } of rows) {
    const part = { at: micros(Number(bucket_us)), shard, version };
    const parts = buckets.get(part.at);
    if (parts === undefined) buckets.set(part.at, [part]);
    else parts.push(part);
  }
  return buckets;
}

interface ReadRow extends SumRow {
  readonly sealed: boolean;
}

/** Traces of sealed sums are gone as a rule: they would stand before those that can be shown. */
function toSum(row: ReadRow, series: Series): SeriesSum {
  const max = holderOf(row.max_us, row.max_trace);
  const lot = holderOf(row.lot_us, row.lot_trace);
  return {
    series,
    ...countsOf(row),
    max,
    held: row.sealed ? [] : [max, lot].filter((holder) => holder !== null),
    histogram: row.histogram,
  };
}

/** One sum per series. */
function mergeSums(parts: readonly (readonly SeriesSum[])[]): readonly SeriesSum[] {
  const merged = new Map<number, SeriesSum>();
  for (const sum of parts.flat()) {
    const before = merged.get(sum.series.id);
    merged.set(sum.series.id, before === undefined ? sum : addSums(before, sum));
  }
  return [...merged.values()];
}

function addSums(a: SeriesSum, b: SeriesSum): SeriesSum {
  const histogram = new Map<number, number>();
  for (const each of [a, b])
    readHistogram(each.histogram, (bucket, count) => histogram.set(bucket, (histogram.get(bucket) ?? 0) + count));
  return {
    series: a.series,
    ...addCounts(a, b),
    max: greaterOf(a.max, b.max),
    held: [...a.held, ...b.held],
    histogram: encodeHistogram(histogram),
  };
}
