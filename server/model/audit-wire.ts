import type { AsOf } from './as-of.ts';

/** Something that is not as it should be. */
export interface AuditDifference {
  /** Where: `minute 2026-03-01T12:00:00Z, shard 2` or `orders~1/0/1200`. */
  readonly at: string;
  /** What, in a sentence. */
  readonly what: string;
}

/** One recount of a few minutes and segments, chosen by lot. */
export interface AuditWire {
  readonly began_at: string;
  readonly ended_at: string;
  readonly minutes: number;
  /** Minutes that could not be recounted at that moment: of traces that were not settled, or of too many. */
  readonly passed_over: number;
  readonly traces: number;
  readonly sums: number;
  readonly segments: number;
  readonly records: number;
  /** At most 20. */
  readonly differences: readonly AuditDifference[];
}

/** `GET /audits`: newest first. */
export interface AuditList extends AsOf {
  readonly audits: readonly AuditWire[];
}
