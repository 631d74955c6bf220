import type { HopSplitWire, SplitGap } from '../../model/hop-split-wire.ts';
import type { Micros } from '../../model/time.ts';

/** When cause and effect occurred. */
export interface HopTimes {
  readonly cause: Micros;
  readonly effect: Micros;
}

/** Between which looks a commit behind the cause was made; `after` null: nobody looked before. */
export interface CommitBounds {
  readonly after: Micros | null;
  readonly before: Micros;
}

/** A length of time between two bounds, in microseconds. */
export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
}

export type SplitHop =
  | {
      readonly kind: 'split';
      readonly commit: Extract<HopSplitWire, { state: 'split' }>['commit'];
      readonly untilCommit: Stretch;
      readonly afterCommit: Stretch;
    }
  | {
      readonly kind: 'unknown';
      readonly reason: Extract<SplitGap, 'clock_skew' | 'clocks_disagree' | 'not_watched' | 'too_coarse'>;
    };

/**
 * Splits a hop at a commit that is known between two looks:
 *
 *     cause        after     before        effect
 *       |------------|---------|-------------|
 *        until commit: at least |             until commit: after − cause … before − cause
 *                               at least: after commit      effect − before … effect − after
 *
 * A look outside of the hop bounds nothing, so bounds end at its ends. A commit before the cause cannot be: the clocks
 * disagree, and nothing is said.
 */
export function splitHop({ cause, effect }: HopTimes, { after, before }: CommitBounds): SplitHop {
  const hopUs = effect - cause;
  if (hopUs < 0) return { kind: 'unknown', reason: 'clock_skew' };
  if (before < cause || (after !== null && after > before)) return { kind: 'unknown', reason: 'clocks_disagree' };
  if (after !== null && after >= effect) return splitAt('after_effect', hopUs, { fromUs: hopUs, toUs: hopUs });
  const fromUs = after === null ? 0 : Math.max(0, after - cause);
  const toUs = Math.min(hopUs, before - cause);
  // Bounds as wide as the hop say no more than the hop itself.
  if (fromUs === 0 && toUs === hopUs) {
    return { kind: 'unknown', reason: after === null ? 'not_watched' : 'too_coarse' };
  }
  return splitAt(before <= effect ? 'before_effect' : 'around_effect', hopUs, { fromUs, toUs });
}

function splitAt(commit: Extract<SplitHop, { kind: 'split' }>['commit'], hopUs: number, until: Stretch): SplitHop {
  const afterCommit = { fromUs: hopUs - until.toUs, toUs: hopUs - until.fromUs };
  return { kind: 'split', commit, untilCommit: until, afterCommit };
}
