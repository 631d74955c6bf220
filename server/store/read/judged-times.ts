import { RELATIVE_BOUND } from '../../model/histogram.ts';
import type { ObjectiveState } from '../../model/latency-wire.ts';
import { FEWEST_FOR_P95, TimeSum } from './sums/time-sum.ts';

/** Slow only when the p95 is over its objective by more than it may be off. */
export function judge(times: TimeSum, objectiveMs: number): Exclude<ObjectiveState, 'none'> {
  const p95 = times.at(0.95);
  if (p95 === null || times.histogram.total < FEWEST_FOR_P95) return 'too few';
  return p95.ms * (1 - RELATIVE_BOUND) > objectiveMs ? 'slow' : 'met';
}

/** Hops of any event types, added up; those with another objective are judged apart. */
export class JudgedTimes {
  /** Of one objective each: mostly there is one. */
  readonly #times = new Map<number, TimeSum>();

  add(times: TimeSum, objectiveMs: number): void {
    let sum = this.#times.get(objectiveMs);
    if (sum === undefined) {
      sum = new TimeSum('all');
      this.#times.set(objectiveMs, sum);
    }
    sum.addSum(times);
  }

  /** All of them. */
  total(): TimeSum {
    const [first, ...others] = this.#times.values();
    if (first !== undefined && others.length === 0) return first;
    const total = new TimeSum('all');
    for (const times of this.#times.values()) total.addSum(times);
    return total;
  }

  /** Whether those of one objective miss it. */
  get slow(): boolean {
    return [...this.#times].some(([objectiveMs, times]) => judge(times, objectiveMs) === 'slow');
  }
}
