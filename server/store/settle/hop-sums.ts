import { HOP_FLAGS } from '../../model/evidence.ts';
import { bucketOf } from '../../model/histogram.ts';
import { type Micros, micros } from '../../model/time.ts';
import { greaterOf, type Holder, lotOf } from '../sum-row.ts';
import type { Tier } from '../tiers.ts';
import type { HopRow, RowChanges } from './hop-row.ts';

/** What changes in one sum. */
export interface SumChange {
  readonly seriesId: number;
  readonly bucket: Micros;
  effects: number;
  skewed: number;
  acrossGap: number;
  extra: number;
  measured: number;
  histogram: Map<number, number>;
  /** The greatest and the lot among what is added. */
  max: Holder | null;
  lot: Holder | null;
  /** What is taken away, as `traceKey us`: whether a holder is among it is seen when the sum is read. Null for nothing. */
  gone: Set<string> | null;
}

/** Series of sealed rows that are in no sum: they only say that nothing else is to come in their place. */
export const NO_SERIES = 0;

export function isCounted(row: HopRow): boolean {
  return row.seriesId !== NO_SERIES;
}

export function holderKey({ traceKey, us }: Holder): string {
  return `${traceKey} ${us}`;
}

/** What changed rows change in the finest sums. Those that come out as they were are left out. */
export function sumChanges({ removed, added }: RowChanges, { widthUs }: Tier): readonly SumChange[] {
  const changes = new ChangesByBucket();
  for (const row of removed) count(changes.of(row.seriesId, bucketAt(row.minute, widthUs)), row, -1);
  for (const row of added) count(changes.of(row.seriesId, bucketAt(row.minute, widthUs)), row, 1);
  return changes.all().filter(says);
}

/** The same in wider sums, from what changes in finer ones: rows are many, and fall into the same few of them. */
export function widerChanges(finer: readonly SumChange[], { widthUs }: Tier): readonly SumChange[] {
  const changes = new ChangesByBucket();
  for (const change of finer) addChange(changes.of(change.seriesId, bucketAt(change.bucket, widthUs)), change);
  return changes.all().filter(says);
}

function bucketAt(time: Micros, widthUs: number): Micros {
  return micros(Math.floor(time / widthUs) * widthUs);
}

/** Buckets are few and series many. */
class ChangesByBucket {
  readonly #buckets = new Map<Micros, Map<number, SumChange>>();

  of(seriesId: number, bucket: Micros): SumChange {
    let inBucket = this.#buckets.get(bucket);
    if (inBucket === undefined) {
      inBucket = new Map();
      this.#buckets.set(bucket, inBucket);
    }
    let change = inBucket.get(seriesId);
    if (change === undefined) {
      change = emptyChange(seriesId, bucket);
      inBucket.set(seriesId, change);
    }
    return change;
  }

  all(): SumChange[] {
    return [...this.#buckets.values()].flatMap((inBucket) => [...inBucket.values()]);
  }
}

/** One literal: an object that is spread together is slow to make and to add to, and a settle has thousands of them. */
function emptyChange(seriesId: number, bucket: Micros): SumChange {
  return {
    seriesId,
    bucket,
    effects: 0,
    skewed: 0,
    acrossGap: 0,
    extra: 0,
    measured: 0,
    histogram: NO_HISTOGRAM,
    max: null,
    lot: null,
    gone: null,
  };
}

/** Of a change that has none of its own yet: never written to. */
const NO_HISTOGRAM: Map<number, number> = new Map();

/** Adds a change to a wider one. The first lends it what it has: it is not changed any more. */
function addChange(wide: SumChange, change: SumChange): void {
  const isFirst = wide.histogram === NO_HISTOGRAM && wide.gone === null;
  wide.effects += change.effects;
  wide.skewed += change.skewed;
  wide.acrossGap += change.acrossGap;
  wide.extra += change.extra;
  wide.measured += change.measured;
  wide.max = greaterOf(wide.max, change.max);
  wide.lot = lotOf(wide.lot, change.lot);
  if (isFirst) {
    wide.histogram = change.histogram;
    wide.gone = change.gone;
    return;
  }
  wide.histogram = new Map(wide.histogram);
  for (const [bucket, more] of change.histogram) wide.histogram.set(bucket, (wide.histogram.get(bucket) ?? 0) + more);
  if (change.gone !== null) wide.gone = new Set([...(wide.gone ?? []), ...change.gone]);
}

/** False for a row that left and came back the same: only what is no part of a sum changed. */
function says(change: SumChange): boolean {
  return (
    change.effects !== 0 ||
    change.skewed !== 0 ||
    change.acrossGap !== 0 ||
    change.extra !== 0 ||
    change.measured !== 0 ||
    change.gone !== null ||
    change.max !== null
  );
}

function count(change: SumChange, row: HopRow, by: 1 | -1): void {
  if (row.ordinal > 0) {
    change.extra += by;
    return;
  }
  change.effects += by;
  if (row.hopUs === null) return;
  if (row.hopUs < 0 || (row.flags & HOP_FLAGS.clock_skew) !== 0) change.skewed += by;
  else if ((row.flags & HOP_FLAGS.across_gap) !== 0) change.acrossGap += by;
  else {
    const bucket = bucketOf(row.hopUs);
    change.measured += by;
    if (change.histogram === NO_HISTOGRAM) change.histogram = new Map();
    change.histogram.set(bucket, (change.histogram.get(bucket) ?? 0) + by);
    const holder = { us: row.hopUs, traceKey: row.traceKey };
    if (by === 1) {
      change.max = greaterOf(change.max, holder);
      change.lot = lotOf(change.lot, holder);
    } else {
      change.gone ??= new Set();
      change.gone.add(holderKey(holder));
    }
  }
}
