import type { Pool } from 'pg';
import { bucketEnds } from '../../../model/histogram.ts';
import type { Exemplar } from '../../../model/latency-wire.ts';
import { traceKeyToHex } from '../../../model/trace-key.ts';
import { microsToSql, timeSql } from '../../sql-time.ts';
import type { Holder } from '../../sum-row.ts';
import type { HeldTimes } from './held-times.ts';
import type { SumRange } from './sum-range.ts';
import { FEWEST_FOR_P95, type TimeSum } from './time-sum.ts';

/** Times of which exemplars are wanted: their sum, and where the traces behind it may be found. */
export interface ExemplarSource {
  readonly total: TimeSum;
  readonly seriesIds: ReadonlySet<number>;
  /** Times of traces that sums remember. */
  readonly held: HeldTimes;
}

type Place = Exemplar['at'];
type Found = readonly { readonly at: Place; readonly held: Holder }[];

/**
 * Real traces for the median, the 95th percentile and the greatest time of each row. Of a row that is asked for alone
 * (`range` given) they are looked up among its hops, and lie in the very bucket of the percentile; in a list they are the
 * nearest of those that sums remember. Traces that have expired are left out.
 */
export async function findExemplars<G extends ExemplarSource>(
  pool: Pool,
  groups: readonly G[],
  range: SumRange | null,
): Promise<ReadonlyMap<G, readonly Exemplar[]>> {
  const found = new Map<G, Found>();
  for (const group of groups) {
    found.set(group, range === null || groups.length > 1 ? nearest(group) : await among(pool, group, range));
  }
  const ids = await readIds(pool, new Set([...found.values()].flat().map(({ held }) => held.traceKey)));
  return new Map(
    [...found].map(([group, list]) => [
      group,
      list.flatMap(({ at, held }) => {
        const id = ids.get(held.traceKey);
        if (id === undefined) return [];
        return [{ at, correlation_id: id, trace_key: traceKeyToHex(held.traceKey), hop_ms: held.us / 1000 }];
      }),
    ]),
  );
}

function nearest({ total, held }: ExemplarSource): Found {
  const found: { at: Place; held: Holder }[] = [];
  for (const [at, q] of wantedOf(total.histogram.total)) {
    const near = held.nearestTo(total.at(q)?.ms ?? 0);
    if (near !== null) found.push({ at, held: near });
  }
  return total.max === null ? found : [...found, { at: 'max', held: total.max }];
}

function wantedOf(times: number): readonly (readonly [Place, number])[] {
  if (times === 0) return [];
  return times < FEWEST_FOR_P95
    ? [['p50', 0.5]]
    : [
        ['p50', 0.5],
        ['p95', 0.95],
      ];
}

async function among(pool: Pool, { total, seriesIds }: ExemplarSource, range: SumRange): Promise<Found> {
  const found: { at: Place; held: Holder }[] = [];
  for (const [at, q] of wantedOf(total.histogram.total)) {
    const bucket = total.at(q)?.bucket ?? 0;
    const { fromMs, toMs } = bucketEnds(bucket);
    const { rows } = await pool.query<{ us: string; trace_key: string }>(IN_BUCKET, [
      [...seriesIds],
      microsToSql(range.from),
      microsToSql(range.to),
      Math.floor(fromMs * 1000),
      Number.isFinite(toMs) ? Math.floor(toMs * 1000) : Number.MAX_SAFE_INTEGER,
    ]);
    if (rows[0] !== undefined) found.push({ at, held: { us: Number(rows[0].us), traceKey: rows[0].trace_key } });
  }
  return total.max === null ? found : [...found, { at: 'max', held: total.max }];
}

// The newest first: its trace is the one that somebody can still ask about. Clock skew and gaps are in no percentile.
const IN_BUCKET = `
  select hop_us as us, trace_key::text from hop
  where series_id = any($1::int[]) and minute >= ${timeSql('$2')} and minute < ${timeSql('$3')}
    and hop_us > $4::bigint and hop_us <= $5::bigint and flags & 3 = 0 and ordinal <= 0
  order by minute desc limit 1`;

async function readIds(pool: Pool, keys: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  if (keys.size === 0) return new Map();
  const { rows } = await pool.query<{ trace_key: string; id_text: string }>(
    'select trace_key::text, id_text from trace where trace_key = any($1::uuid[])',
    [[...keys]],
  );
  return new Map(rows.map((row) => [row.trace_key, row.id_text]));
}
