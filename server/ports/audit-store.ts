import type { AuditDifference } from '../model/audit-wire.ts';
import type { Micros } from '../model/time.ts';
import type { OpenTrace, SettledTrace } from './settle-store.ts';

/** The sums of one minute in one shard. */
export interface AuditMinute {
  readonly minute: Micros;
  readonly shard: number;
}

/** What recounting came to. */
export type Recount =
  | {
      readonly kind: 'recounted';
      readonly traces: number;
      readonly sums: number;
      readonly differences: readonly AuditDifference[];
    }
  /** Its traces are not settled, or they are too many to be stitched again. */
  | { readonly kind: 'passed over' };

export interface CheckedSegments {
  readonly segments: number;
  readonly records: number;
  readonly differences: readonly AuditDifference[];
}

/** How traces are stitched now. Those that were stitched by another topology are passed over. */
export interface AuditRules {
  readonly settle: (traces: readonly OpenTrace[]) => readonly SettledTrace[];
  readonly topologyVersion: number;
}

/** What the audit of one workspace reads, and where it writes what it found. */
export interface AuditStore {
  /** Up to `count` minutes that have sums, by lot. */
  chooseMinutes(count: number): Promise<readonly AuditMinute[]>;
  /** Stitches all traces with an event in a minute anew, in one snapshot, and compares what they give with its sums. */
  recount(minute: AuditMinute, rules: AuditRules): Promise<Recount>;
  /** Reads up to `count` segments by lot, and compares their bytes with the event rows. */
  checkSegments(count: number): Promise<CheckedSegments>;
  /** Keeps what an audit found; the oldest of more than a thousand go. */
  keep(audit: AuditResult): Promise<void>;
}

export interface AuditResult extends CheckedSegments {
  readonly beganAt: Date;
  readonly minutes: number;
  readonly passedOver: number;
  readonly traces: number;
  readonly sums: number;
}
