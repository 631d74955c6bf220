import type { DistributionBucket, Exemplar } from '@/server/model/latency-wire.ts';
import { type LogScale, logScale } from './log-scale.ts';

/** One bar, in shares of the box: 0..1 from the left, 0..1 of the height. */
export interface DistributionBar extends DistributionBucket {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  /** Its times are over the objective; a bar that holds the objective is not. */
  readonly over: boolean;
}

export interface Distribution {
  readonly scale: LogScale;
  readonly bars: readonly DistributionBar[];
  readonly total: number;
  /** Times surely over the objective. */
  readonly over: number;
}

/** Bars at least this share high: one time among thousands is still there to be seen. */
const LEAST_HEIGHT = 0.012;

/** The distribution on an axis that ends where its times do. */
export function distribution(
  buckets: readonly DistributionBucket[],
  { objectiveMs, exemplars }: { readonly objectiveMs: number | null; readonly exemplars: readonly Exemplar[] },
): Distribution {
  const ends = buckets.flatMap(({ from_ms, to_ms }) => [from_ms, to_ms]);
  const scale = logScale([...ends, ...exemplars.map(({ hop_ms }) => hop_ms), objectiveMs]);
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const bars = buckets
    .filter(({ count }) => count > 0)
    .map((bucket) => {
      const x = scale.at(bucket.from_ms);
      return {
        ...bucket,
        x,
        width: Math.max(0, scale.at(bucket.to_ms) - x),
        height: Math.max(LEAST_HEIGHT, bucket.count / most),
        over: objectiveMs !== null && bucket.from_ms >= objectiveMs,
      };
    });
  const sum = (of: readonly DistributionBar[]) => of.reduce((total, { count }) => total + count, 0);
  return { scale, bars, total: sum(bars), over: sum(bars.filter(({ over }) => over)) };
}
