import type { AsOf } from './as-of.ts';

/** Which kind of time a row of `GET /latency` measures. */
export const LATENCY_SUBJECTS = ['hop', 'flow', 'reply'] as const;

/**
 * `hop`: from a causing event to its effect, by the effect's type. `flow`: from the first to the last event of an
 * episode, by the type it began with. `reply`: from a request to its reply, by the request's type.
 */
export type LatencySubject = (typeof LATENCY_SUBJECTS)[number];

/** Which hops are measured: those whose cause is named, those whose cause is inferred, or both. */
export const LATENCY_EVIDENCES = ['all', 'explicit', 'inferred'] as const;
export type LatencyEvidence = (typeof LATENCY_EVIDENCES)[number];

/** What the rows of `GET /latency` stand for; `edge` is a cause type with an effect type. */
export const LATENCY_GROUPS = ['event_type', 'edge', 'service'] as const;
export type LatencyGroup = (typeof LATENCY_GROUPS)[number];

/** Percentiles of one set of measured times. A percentile of too few times is null, never a guess. */
export interface Percentiles {
  /** Times measured: hops without a time, skewed ones and those across a gap are not in it. */
  readonly measured: number;
  /** Null without any. */
  readonly p50_ms: number | null;
  /** Null under 20 times. */
  readonly p95_ms: number | null;
  /** Null under 100 times. */
  readonly p99_ms: number | null;
  /** The exact greatest; null without any. */
  readonly max_ms: number | null;
}

/** A real trace near a percentile. */
export interface Exemplar {
  readonly at: 'p50' | 'p95' | 'max';
  readonly correlation_id: string;
  readonly trace_key: string;
  readonly hop_ms: number;
}

/** One bucket of time of a row: in a list what a line needs, of the one row that is asked for all. */
export interface LatencyPoint extends Pick<Percentiles, 'p95_ms'> {
  readonly measured?: number | undefined;
  readonly p50_ms?: number | null | undefined;
  readonly p99_ms?: number | null | undefined;
  readonly max_ms?: number | null | undefined;
  readonly at: string;
  /** Effects in it, measured or not. */
  readonly count: number;
  /** Its time has not passed yet: what it says will grow. */
  readonly open: boolean;
}

/**
 * How a row stands to its objective; `too few`: under 20 measured times; `slow`: p95 less its error bound is over it;
 * `none`: nobody declared one.
 */
export const OBJECTIVE_STATES = ['met', 'slow', 'too few', 'none'] as const;
export type ObjectiveState = (typeof OBJECTIVE_STATES)[number];

/** One row: an event type, an edge or a service, with what its hops took. */
export interface LatencyRow extends Percentiles {
  /** Of an edge its effect's type, of a service null. */
  readonly event_type: string | null;
  readonly cause_type: string | null;
  readonly service: string | null;
  /** Effects in the range, measured or not, roots too. */
  readonly count: number;
  /** Relative: the true percentile lies within `p × (1 ± error_bound)`; null where a percentile is beyond the scale. */
  readonly error_bound: number | null;
  /** Share of the measured times whose cause is inferred, 0..1; null without any. */
  readonly inferred_share: number | null;
  /** Not measured, by why. */
  readonly left_out: { readonly roots: number; readonly clock_skew: number; readonly across_gap: number };
  /** Null where nobody declared one: only hops have a default. */
  readonly objective_ms: number | null;
  readonly objective: ObjectiveState;
  readonly series: readonly LatencyPoint[];
  readonly exemplars: readonly Exemplar[];
}

/** One bar of a row's distribution. */
export interface DistributionBucket {
  readonly from_ms: number;
  readonly to_ms: number;
  readonly count: number;
}

/** `GET /latency`. */
export interface LatencyAnswer extends AsOf {
  readonly from: string;
  readonly to: string;
  readonly subject: LatencySubject;
  readonly group: LatencyGroup;
  readonly evidence: LatencyEvidence;
  /** Width of a point of `series`, in seconds. */
  readonly step_s: number;
  /** Worst first: slow ones by how far they are over, then those without an objective after those that meet theirs. */
  readonly event_types: readonly LatencyRow[];
  /** Of the one row asked for by `event_type` (and `cause_type` or `service`); else null. */
  readonly distribution: readonly DistributionBucket[] | null;
  /** The last instant up to which traces are settled. */
  readonly settled_to: string | null;
}
