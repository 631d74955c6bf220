import type { Pool } from 'pg';
import { encodeHistogram, readHistogram } from '../../../model/histogram.ts';
import { type Micros, micros } from '../../../model/time.ts';
import { SHARDS } from '../../../ports/settle-store.ts';
import { microsSql, microsToSql, timeSql } from '../../sql-time.ts';
import {
  bucketTimeOf,
  countsOf,
  type Holder,
  holderOf,
  SUM_COLUMNS,
  type SumCounts,
  type SumRow,
} from '../../sum-row.ts';
import { BEGIN, inTransaction, type Queryable } from '../../transaction.ts';
import { type Series, SeriesNames } from './series-names.ts';
import type { SumRange } from './sum-range.ts';

/** What one series took in one bucket of time: in one shard, or in all of them. */
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
  readonly sums: readonly SeriesSum[];
}

/** Most sums remembered of hours and days that did not change; those asked for longest ago leave first. */
const MOST_REMEMBERED = 150_000;

interface Remembered {
  readonly version: string;
  readonly sums: readonly SeriesSum[];
  /** Its shards are added up: done once it was asked for again, as what still changes is read once only. */
  readonly isMerged: boolean;
}

/**
 * Reads sums. Hours and days that did not change since they were read are not read again: each carries a version that
 * moves in the transaction that changes it, so an answer is always what the database holds.
 */
export class SumReader {
  readonly #pool: Pool;
  readonly #names: SeriesNames;
  readonly #remembered = new Map<string, Remembered>();
  #rememberedSums = 0;

  constructor(pool: Pool, workspaceId: number) {
    this.#pool = pool;
    this.#names = new SeriesNames(workspaceId);
  }

  /** The sums of a range, by bucket in order of time. Buckets without any are left out. */
  async read(range: SumRange): Promise<readonly SumBucket[]> {
    return inTransaction(this.#pool, (client) => this.#readIn(client, range), BEGIN.reading);
  }

  async #readIn(client: Queryable, range: SumRange): Promise<readonly SumBucket[]> {
    const { hours } = range.tier;
    if (hours === null) return inOrder(await this.#load(client, range, null));
    const known = new Map<Micros, readonly SeriesSum[]>();
    const stale: { at: Micros; version: string }[] = [];
    for (const [at, version] of await readVersions(client, hours, range)) {
      const sums = this.#recall(hours, at, version);
      if (sums === null) stale.push({ at, version });
      else known.set(at, sums);
    }
    if (stale.length === 0) return inOrder(known);
    const loaded = await this.#load(
      client,
      range,
      stale.map(({ at }) => at),
    );
    for (const { at, version } of stale) {
      // A bucket without sums is remembered too: it is known to be empty.
      const sums = loaded.get(at) ?? [];
      known.set(at, sums);
      this.#remember(rememberedAs(hours, at), { version, sums, isMerged: false });
    }
    return inOrder(known);
  }

  #recall(hours: number, at: Micros, version: string): readonly SeriesSum[] | null {
    const key = rememberedAs(hours, at);
    const known = this.#remembered.get(key);
    if (known === undefined || known.version !== version) return null;
    const merged = known.isMerged ? known : { version, sums: mergeSums(known.sums), isMerged: true };
    this.#remember(key, merged);
    return merged.sums;
  }

  #remember(key: string, entry: Remembered): void {
    this.#rememberedSums += entry.sums.length - (this.#remembered.get(key)?.sums.length ?? 0);
    this.#remembered.delete(key);
    this.#remembered.set(key, entry);
    for (const [oldest, { sums: gone }] of this.#remembered) {
      if (this.#rememberedSums <= MOST_REMEMBERED) return;
      this.#remembered.delete(oldest);
      this.#rememberedSums -= gone.length;
    }
  }

  /** The sums of buckets, or of the whole range. */
  async #load(
    client: Queryable,
    range: SumRange,
    buckets: readonly Micros[] | null,
  ): Promise<ReadonlyMap<Micros, readonly SeriesSum[]>> {
    const { table } = range.tier;
    const { rows } =
      buckets === null
        ? await client.query<SumRow>(
            `select ${SUM_COLUMNS} from ${table} s where s.bucket >= ${timeSql('$1')} and s.bucket < ${timeSql('$2')}`,
            [microsToSql(range.from), microsToSql(range.to)],
          )
        : await client.query<SumRow>(
            `select ${SUM_COLUMNS} from unnest($1::bigint[]) as b(bucket_us)
             join ${table} s on s.bucket = ${timeSql('b.bucket_us')}`,
            [buckets.map(microsToSql)],
          );
    const series = await this.#names.resolve(client, new Set(rows.map((row) => row.series_id)));
    const loaded = new Map<Micros, SeriesSum[]>();
    for (const row of rows) {
      const named = series.get(row.series_id);
      if (named === undefined) continue;
      const at = bucketTimeOf(row);
      const sums = loaded.get(at);
      if (sums === undefined) loaded.set(at, [toSum(row, named)]);
      else sums.push(toSum(row, named));
    }
    return loaded;
  }
}

function inOrder(buckets: ReadonlyMap<Micros, readonly SeriesSum[]>): SumBucket[] {
  return [...buckets].sort(([a], [b]) => a - b).map(([at, sums]) => ({ at, sums }));
}

function rememberedAs(hours: number, at: Micros): string {
  return `${hours} ${at}`;
}

/** The version of each bucket of a range: those of its shards, in order. */
async function readVersions(
  client: Queryable,
  hours: number,
  { from, to }: SumRange,
): Promise<ReadonlyMap<Micros, string>> {
  const { rows } = await client.query<{ bucket_us: string; version: string }>(
    `select ${microsSql('bucket')} as bucket_us, string_agg(shard || ' ' || version, ',' order by shard) as version
     from hop_sum_version
     where hours = $1 and bucket >= ${timeSql('$2')} and bucket < ${timeSql('$3')} and shard < ${SHARDS}
     group by bucket`,
    [hours, microsToSql(from), microsToSql(to)],
  );
  return new Map(rows.map((row) => [micros(Number(row.bucket_us)), row.version]));
}

function toSum(row: SumRow, series: Series): SeriesSum {
  const max = holderOf(row.max_us, row.max_trace);
  const lot = holderOf(row.lot_us, row.lot_trace);
  return {
    series,
    ...countsOf(row),
    max,
    held: [max, lot].filter((holder) => holder !== null),
    histogram: row.histogram,
  };
}

/** One sum per series. */
function mergeSums(sums: readonly SeriesSum[]): readonly SeriesSum[] {
  const merged = new Map<number, SeriesSum>();
  for (const sum of sums) {
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
    effects: a.effects + b.effects,
    skewed: a.skewed + b.skewed,
    acrossGap: a.acrossGap + b.acrossGap,
    extra: a.extra + b.extra,
    measured: a.measured + b.measured,
    max: (a.max?.us ?? -1) >= (b.max?.us ?? -1) ? a.max : b.max,
    held: [...a.held, ...b.held],
    histogram: encodeHistogram(histogram),
  };
}
