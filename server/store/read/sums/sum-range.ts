import { type Micros, micros } from '../../../model/time.ts';
import { clampMicros } from '../../sql-time.ts';
import { TIERS, type Tier } from '../../tiers.ts';

const HOUR_US = 3_600_000_000;
/** Ranges up to so long are answered by minutes, up to so long by hours, longer ones by days. */
const LONGEST_BY_MINUTE_US = 3 * HOUR_US;
const LONGEST_BY_HOUR_US = 14 * 24 * HOUR_US;

/** A range widened to whole sums: what an answer covers. */
export interface SumRange {
  readonly tier: Tier;
  readonly from: Micros;
  readonly to: Micros;
}

/**
 * The sums that answer a range: those of the finest width that need not be very many, and the whole of each. Minutes are
 * kept from `minutesFrom` on.
 */
export function sumRange(
  range: { readonly from: Micros; readonly to: Micros },
  minutesFrom = Number.NEGATIVE_INFINITY,
): SumRange {
  const [from, to] = [clampMicros(range.from), clampMicros(range.to)];
  const span = to - from;
  const byMinute = span <= LONGEST_BY_MINUTE_US && from >= minutesFrom;
  const tier = byMinute ? TIERS[0] : span <= LONGEST_BY_HOUR_US ? TIERS[1] : TIERS[2];
  const begin = Math.floor(from / tier.widthUs) * tier.widthUs;
  const end = Math.max(begin + tier.widthUs, Math.ceil(to / tier.widthUs) * tier.widthUs);
  return { tier, from: micros(begin), to: micros(end) };
}

/** Points of a series are this many at most: neighbours are summed. */
const MOST_POINTS = 240;

/** How many sums in a row make one point of a series, in whole steps that a clock shows. */
export function sumsPerPoint({ tier, from, to }: SumRange, mostPoints = MOST_POINTS): number {
  const sums = Math.round((to - from) / tier.widthUs);
  const steps = [1, 2, 3, 5, 6, 10, 12, 15, 20, 30, 60];
  return steps.find((step) => sums / step <= mostPoints) ?? Math.ceil(sums / mostPoints);
}
