import type { AsOf } from './as-of.ts';
import type { WhoseWire } from './owner-wire.ts';

/** A consumer group that should have acted. */
export interface StallGroup {
  readonly group: string;
  /**
   * `silent`: it has no members. `absent`: it is declared, and nobody has seen it. `unknown`: it cannot be described.
   */
  readonly state: 'silent' | 'active' | 'absent' | 'unknown';
  /** By its name, or as declared, it is of the service that produces the missing event. */
  readonly of_service: boolean;
  readonly members: number | null;
  /** On the topic of the last step, in records, as text; null while not known. */
  readonly lag: string | null;
  readonly lag_s: number | null;
}

/** What stands behind the claim that something should have come. */
export interface StallBasis {
  /** `declared` by a flow of the configuration, or `learned` from finished traces. */
  readonly kind: 'declared' | 'learned';
  /** The declared flow; null for what is learned. */
  readonly flow: string | null;
  /** Traces with the last step, and those of them in which the missing one followed; null where nothing is learned. */
  readonly traces: number | null;
  readonly followed: number | null;
  /** How soon it usually follows; null where nothing is learned. */
  readonly typical_ms: number | null;
  readonly p95_ms: number | null;
}

/** Where a trace stopped. */
export interface StallWire {
  /** When the last step occurred. */
  readonly since: string;
  /** Until when the missing one was due. */
  readonly due_at: string;
  readonly step: {
    readonly event_type: string;
    readonly topic: string;
    /** Its record; null when that is not stored any more. */
    readonly id: string | null;
  };
  readonly missing: {
    readonly event_type: string;
    /** Who usually produces it, or is declared to; null when nobody knows. */
    readonly service: string | null;
  };
  readonly basis: StallBasis;
  /** Groups that read the topic of the last step, those of the service first. */
  readonly groups: readonly StallGroup[];
  /** Whose the missing step is. */
  readonly whose: WhoseWire;
}

/** One stalled trace of the list. */
export interface StalledTrace extends StallWire {
  readonly correlation_id: string;
  readonly trace_key: string;
}

/** All traces that stopped at the same step. */
export interface StallPair extends StallWire {
  readonly count: number;
  /** The one that waits longest; `since` and `due_at` are its. */
  readonly oldest: { readonly correlation_id: string; readonly trace_key: string };
  /** When the last step of the newest of them occurred. */
  readonly newest_since: string;
}

/** `GET /stalls`. */
export interface StallList extends AsOf {
  /** Most first. */
  readonly pairs: readonly StallPair[];
  /** Those that wait longest first. */
  readonly stalls: readonly StalledTrace[];
  readonly total: number;
  /** There are more than are held: every count here is a lower bound. */
  readonly more: boolean;
  /** Traces with something overdue of which the tap cannot say yet that it is not there. */
  readonly tap_behind: number;
  readonly next_cursor: string | null;
}
