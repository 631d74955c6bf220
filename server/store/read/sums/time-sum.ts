import { HistogramSum, type Percentile, RELATIVE_BOUND, readHistogram } from '../../../model/histogram.ts';
import type { LatencyEvidence, Percentiles } from '../../../model/latency-wire.ts';
import type { Holder } from '../../sum-row.ts';
import type { SeriesSum } from './read-sums.ts';

/** Fewer times than these say nothing of a percentile: 19 of 20 lie under the 95th, 99 of 100 under the 99th. */
export const FEWEST_FOR_P95 = 20;
const FEWEST_FOR_P99 = 100;

/** Sums of series, added up: counts of all, times of the evidence that is asked for. */
export class TimeSum {
  readonly histogram = new HistogramSum();
  effects = 0;
  roots = 0;
  skewed = 0;
  acrossGap = 0;
  /** Times of either evidence, and those of them that are inferred. */
  measured = 0;
  inferred = 0;
  max: Holder | null = null;
  readonly #evidence: LatencyEvidence;

  constructor(evidence: LatencyEvidence) {
    this.#evidence = evidence;
  }

  add(sum: SeriesSum): void {
    const { evidence } = sum.series;
    this.effects += sum.effects;
    if (evidence === 'root') {
      this.roots += sum.effects;
      return;
    }
    this.skewed += sum.skewed;
    this.acrossGap += sum.acrossGap;
    this.measured += sum.measured;
    if (evidence === 'order') this.inferred += sum.measured;
    if (!this.#asksFor(evidence === 'order')) return;
    const { histogram } = this;
    readHistogram(sum.histogram, (bucket, count) => histogram.add(bucket, count));
    if (sum.max !== null && (this.max === null || sum.max.us > this.max.us)) this.max = sum.max;
  }

  #asksFor(isInferred: boolean): boolean {
    return this.#evidence === 'all' || (this.#evidence === 'inferred') === isInferred;
  }

  at(q: number): Percentile | null {
    return this.histogram.percentile(q, this.max?.us ?? null);
  }

  /** A percentile of too few times is null. */
  percentiles(): Percentiles {
    const { total } = this.histogram;
    return {
      measured: total,
      p50_ms: this.at(0.5)?.ms ?? null,
      p95_ms: total < FEWEST_FOR_P95 ? null : (this.at(0.95)?.ms ?? null),
      p99_ms: total < FEWEST_FOR_P99 ? null : (this.at(0.99)?.ms ?? null),
      max_ms: this.max === null ? null : this.max.us / 1000,
    };
  }

  /** Of the percentiles that are answered; null where one of them is beyond the scale. */
  errorBound(): number | null {
    const { total } = this.histogram;
    const answered = [0.5, ...(total < FEWEST_FOR_P95 ? [] : [0.95]), ...(total < FEWEST_FOR_P99 ? [] : [0.99])];
    return answered.some((q) => this.at(q)?.boundMs === null) ? null : RELATIVE_BOUND;
  }

  inferredShare(): number | null {
    return this.measured === 0 ? null : this.inferred / this.measured;
  }
}
