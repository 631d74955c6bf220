import { readHistogram } from '../model/histogram.ts';
import { type Micros, micros } from '../model/time.ts';
import { microsSql } from './sql-time.ts';

/** A row of the sums of any width, as `SUM_COLUMNS` select it. */
export interface SumRow {
  readonly bucket_us: string;
  readonly series_id: number;
  readonly shard: number;
  readonly effects: string;
  readonly skewed: string;
  readonly across_gap: string;
  readonly extra: string;
  readonly measured: string;
  readonly max_us: string | null;
  readonly max_trace: string | null;
  readonly lot_us: string | null;
  readonly lot_trace: string | null;
  readonly histogram: Buffer;
}

/** The columns of a `SumRow` over a relation `s` that say what a sum has, without those it is found by. */
export const HELD_COLUMNS = `s.effects, s.skewed, s.across_gap, s.extra, s.measured, s.max_us, s.max_trace::text, s.lot_us,
  s.lot_trace::text, s.histogram`;

/** The columns of a `SumRow` over a relation `s`. */
export const SUM_COLUMNS = `${microsSql('s.bucket')} as bucket_us, s.series_id, s.shard, ${HELD_COLUMNS}`;

/** How many effects a sum has, and how many of them are where. */
export interface SumCounts {
  readonly effects: number;
  readonly skewed: number;
  readonly acrossGap: number;
  readonly extra: number;
  readonly measured: number;
}

export function countsOf(row: Omit<SumRow, 'bucket_us' | 'series_id' | 'shard'>): SumCounts {
  return {
    effects: Number(row.effects),
    skewed: Number(row.skewed),
    acrossGap: Number(row.across_gap),
    extra: Number(row.extra),
    measured: Number(row.measured),
  };
}

export function addCounts(a: SumCounts, b: SumCounts): SumCounts {
  return {
    effects: a.effects + b.effects,
    skewed: a.skewed + b.skewed,
    acrossGap: a.acrossGap + b.acrossGap,
    extra: a.extra + b.extra,
    measured: a.measured + b.measured,
  };
}

export function bucketTimeOf(row: SumRow): Micros {
  return micros(Number(row.bucket_us));
}

export function histogramOf(row: Pick<SumRow, 'histogram'>): Map<number, number> {
  const histogram = new Map<number, number>();
  readHistogram(row.histogram, (bucket, count) => histogram.set(bucket, count));
  return histogram;
}

/** The time of one trace that a sum remembers. */
export interface Holder {
  readonly us: number;
  readonly traceKey: string;
}

export function holderOf(us: string | null, traceKey: string | null): Holder | null {
  return us === null || traceKey === null ? null : { us: Number(us), traceKey };
}

/** A greater time stands before a lesser, of equal ones the lesser trace key. */
export function greaterOf(a: Holder | null, b: Holder | null): Holder | null {
  if (a === null || b === null) return a ?? b;
  if (a.us !== b.us) return a.us > b.us ? a : b;
  return a.traceKey <= b.traceKey ? a : b;
}

/** The lot falls on the least trace key; of its times on the least. */
export function lotOf(a: Holder | null, b: Holder | null): Holder | null {
  if (a === null || b === null) return a ?? b;
  if (a.traceKey !== b.traceKey) return a.traceKey < b.traceKey ? a : b;
  return a.us <= b.us ? a : b;
}
