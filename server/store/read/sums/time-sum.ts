import { HistogramSum, type Percentile, RELATIVE_BOUND } from '../../../model/histogram.ts';
import type { LatencyEvidence, Percentiles } from '../../../model/latency-wire.ts';
import { greaterOf, type Holder } from '../../sum-row.ts';
import type { SeriesSum } from './read-sums.ts';

/** Fewer times than these say nothing of a percentile: 19 of 20 lie under the 95th, 99 of 100 under the 99th. */
export const FEWEST_FOR_P95 = 20;
const FEWEST_FOR_P99 = 100;
const PERCENTILES = [0.5, 0.95, 0.99];

/** How many effects there are, and how many of them are where. */
interface TimeCounts {
  readonly effects: number;
  readonly roots: number;
  readonly skewed: number;
  readonly acrossGap: number;
  /** Times of either evidence, and those of them that are inferred. */
  readonly measured: number;
  readonly inferred: number;
  readonly max: Holder | null;
}

/** Sums of series, added up: counts of all, times of the evidence that is asked for. */
export class TimeSum implements TimeCounts {
  readonly histogram = new HistogramSum();
  effects = 0;
  roots = 0;
  skewed = 0;
  acrossGap = 0;
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
    this.histogram.addEncoded(sum.histogram);
    this.max = greaterOf(this.max, sum.max);
  }

  #asksFor(isInferred: boolean): boolean {
    return this.#evidence === 'all' || (this.#evidence === 'inferred') === isInferred;
  }

  /** Adds what another has, of the same evidence. */
  addSum(other: TimeSum): void {
    this.#count(other);
    this.histogram.addSum(other.histogram);
  }

  #count(other: TimeCounts): void {
    this.effects += other.effects;
    this.roots += other.roots;
    this.skewed += other.skewed;
    this.acrossGap += other.acrossGap;
    this.measured += other.measured;
    this.inferred += other.inferred;
    this.max = greaterOf(this.max, other.max);
  }

  /** Begins anew. */
  clear(): void {
    this.histogram.clear();
    this.effects = 0;
    this.roots = 0;
    this.skewed = 0;
    this.acrossGap = 0;
    this.measured = 0;
    this.inferred = 0;
    this.max = null;
  }

  at(q: number): Percentile | null {
    return this.histogram.percentile(q, this.max?.us ?? null);
  }

  /** A percentile of too few times is null. */
  percentiles(): Percentiles {
    const { total } = this.histogram;
    const [p50, p95, p99] = this.histogram.percentiles(PERCENTILES, this.max?.us ?? null);
    return {
      measured: total,
      p50_ms: p50?.ms ?? null,
      p95_ms: total < FEWEST_FOR_P95 ? null : (p95?.ms ?? null),
      p99_ms: total < FEWEST_FOR_P99 ? null : (p99?.ms ?? null),
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
