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
  readonly histogram: Map<number, number>;
  /** The greatest and the lot among what is added. */
  max: Holder | null;
  lot: Holder | null;
  /** What is taken away, as `traceKey us`: whether a holder is among it is seen when the sum is read. */
  readonly gone: Set<string>;
}

export function holderKey({ traceKey, us }: Holder): string {
  return `${traceKey} ${us}`;
}

/** What changed rows change in the sums of one width. Sums that come out as they were are in it too, with zeros. */
export function sumChanges({ removed, added }: RowChanges, { widthUs }: Tier): readonly SumChange[] {
  const changes = new Map<string, SumChange>();
  const changeOf = (row: HopRow): SumChange => {
    const bucket = micros(Math.floor(row.minute / widthUs) * widthUs);
    const key = `${row.seriesId} ${bucket}`;
    let change = changes.get(key);
    if (change === undefined) {
      change = emptyChange(row.seriesId, bucket);
      changes.set(key, change);
    }
    return change;
  };
  for (const row of removed) count(changeOf(row), row, -1);
  for (const row of added) count(changeOf(row), row, 1);
  return [...changes.values()].filter(says);
}

function emptyChange(seriesId: number, bucket: Micros): SumChange {
  return {
    ...{ seriesId, bucket, effects: 0, skewed: 0, acrossGap: 0, extra: 0, measured: 0 },
    ...{ histogram: new Map(), max: null, lot: null, gone: new Set() },
  };
}

/** False for a row that left and came back the same: only what is no part of a sum changed. */
function says(change: SumChange): boolean {
  return (
    change.effects !== 0 ||
    change.skewed !== 0 ||
    change.acrossGap !== 0 ||
    change.extra !== 0 ||
    change.measured !== 0 ||
    change.gone.size > 0 ||
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
    change.histogram.set(bucket, (change.histogram.get(bucket) ?? 0) + by);
    const holder = { us: row.hopUs, traceKey: row.traceKey };
    if (by === 1) {
      change.max = greaterOf(change.max, holder);
      change.lot = lotOf(change.lot, holder);
    } else change.gone.add(holderKey(holder));
  }
}
