import type { Pool } from 'pg';
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

/** What one series took in one bucket of time. */
export interface SeriesSum extends SumCounts {
  readonly series: Series;
  readonly max: Holder | null;
  readonly lot: Holder | null;
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

/**
 * Reads sums. Hours and days that did not change since they were read are not read again: each carries a version that
 * moves in the transaction that changes it, so an answer is always what the database holds.
 */
export class SumReader {
  readonly #pool: Pool;
  readonly #names: SeriesNames;
  readonly #remembered = new Map<string, { readonly version: string; readonly sums: readonly SeriesSum[] }>();
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
    const buckets = new Map<Micros, SeriesSum[]>();
    const put = (at: Micros, sums: readonly SeriesSum[]) => {
      const known = buckets.get(at);
      if (known === undefined) buckets.set(at, [...sums]);
      else known.push(...sums);
    };
    if (hours === null) {
      for (const [part, sums] of await this.#load(client, range, null)) put(part.bucket, sums);
    } else {
      const stale: Part[] = [];
      for (const part of await readVersions(client, hours, range)) {
        const known = this.#recall(hours, part);
        if (known === null) stale.push(part);
        else put(part.bucket, known);
      }
      const loaded = stale.length === 0 ? [] : await this.#load(client, range, stale);
      for (const [part, sums] of loaded) {
        put(part.bucket, sums);
        this.#remember(hours, part, sums);
      }
    }
    return [...buckets].sort(([a], [b]) => a - b).map(([at, sums]) => ({ at, sums }));
  }

  #recall(hours: number, part: Part): readonly SeriesSum[] | null {
    const key = rememberedAs(hours, part);
    const known = this.#remembered.get(key);
    if (known === undefined || known.version !== part.version) return null;
    this.#remembered.delete(key);
    this.#remembered.set(key, known);
    return known.sums;
  }

  #remember(hours: number, part: Part, sums: readonly SeriesSum[]): void {
    const key = rememberedAs(hours, part);
    this.#rememberedSums += sums.length - (this.#remembered.get(key)?.sums.length ?? 0);
    this.#remembered.delete(key);
    this.#remembered.set(key, { version: part.version, sums });
    for (const [oldest, { sums: gone }] of this.#remembered) {
      if (this.#rememberedSums <= MOST_REMEMBERED) return;
      this.#remembered.delete(oldest);
      this.#rememberedSums -= gone.length;
    }
  }

  /** The sums of parts, or of the whole range. A part without sums is answered too: it is known to be empty. */
  async #load(
    client: Queryable,
    range: SumRange,
    parts: readonly Part[] | null,
  ): Promise<readonly (readonly [Part, readonly SeriesSum[]])[]> {
    const { table } = range.tier;
    const { rows } =
      parts === null
        ? await client.query<SumRow>(
            `select ${SUM_COLUMNS} from ${table} s where s.bucket >= ${timeSql('$1')} and s.bucket < ${timeSql('$2')}`,
            [microsToSql(range.from), microsToSql(range.to)],
          )
        : await client.query<SumRow>(
            `select ${SUM_COLUMNS} from (select distinct bucket_us from unnest($1::bigint[]) as b(bucket_us)) b
             join ${table} s on s.bucket = ${timeSql('b.bucket_us')}
             where s.shard = any($2::smallint[])`,
            [parts.map(({ bucket }) => microsToSql(bucket)), [...new Set(parts.map(({ shard }) => shard))]],
          );
    const series = await this.#names.resolve(client, new Set(rows.map((row) => row.series_id)));
    const loaded = new Map<string, { part: Part; sums: SeriesSum[] }>();
    for (const part of parts ?? []) loaded.set(partKey(part), { part, sums: [] });
    for (const row of rows) {
      const part = { bucket: bucketTimeOf(row), shard: row.shard, version: '' };
      let entry = loaded.get(partKey(part));
      // Another shard of a bucket that was asked for: it did not change.
      if (entry === undefined && parts !== null) continue;
      if (entry === undefined) {
        entry = { part, sums: [] };
        loaded.set(partKey(part), entry);
      }
      const named = series.get(row.series_id);
      if (named !== undefined) entry.sums.push(toSum(row, named));
    }
    return [...loaded.values()].map(({ part, sums }) => [part, sums] as const);
  }
}

/** The sums of one shard in one bucket. */
interface Part {
  readonly bucket: Micros;
  readonly shard: number;
  readonly version: string;
}

function partKey({ bucket, shard }: Part): string {
  return `${bucket} ${shard}`;
}

function rememberedAs(hours: number, part: Part): string {
  return `${hours} ${partKey(part)}`;
}

async function readVersions(client: Queryable, hours: number, { from, to }: SumRange): Promise<readonly Part[]> {
  const { rows } = await client.query<{ bucket_us: string; shard: number; version: string }>(
    `select ${microsSql('bucket')} as bucket_us, shard, version from hop_sum_version
     where hours = $1 and bucket >= ${timeSql('$2')} and bucket < ${timeSql('$3')} and shard < ${SHARDS}`,
    [hours, microsToSql(from), microsToSql(to)],
  );
  return rows.map((row) => ({ bucket: micros(Number(row.bucket_us)), shard: row.shard, version: row.version }));
}

function toSum(row: SumRow, series: Series): SeriesSum {
  return {
    series,
    ...countsOf(row),
    max: holderOf(row.max_us, row.max_trace),
    lot: holderOf(row.lot_us, row.lot_trace),
    histogram: row.histogram,
  };
}
