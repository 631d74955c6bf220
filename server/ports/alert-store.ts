import type { AlertNotice } from '../model/alert-notice.ts';
import type { StoredRule } from '../model/alert-rule.ts';
import type { AlertState, AlertTransition, QueueMark } from '../model/alert-state.ts';
import type { Silence } from '../model/silence.ts';

/** How a rule does. Epoch ms. */
export interface RuleHealth {
  readonly health: 'ok' | 'no data' | 'error' | 'off';
  readonly since: number;
  readonly why: string | null;
  readonly warnings: readonly string[];
  readonly evaluatedAt: number;
  readonly notHeld: number;
}

/** A row with the version that its next change must find. */
export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}

/** What people have said since: read by the leader in every round. */
export interface AlertControls {
  readonly rules: readonly StoredRule[];
  /** Those that hold now or will. */
  readonly silences: readonly Silence[];
  /** `{fingerprint}/{firing}` of firings that somebody acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** By cluster and topic, as `queueKey` joins them. */
  readonly marks: ReadonlyMap<string, QueueMark>;
}

/** Everything that one look at a rule changes: written in one transaction, or not at all. */
export interface RuleWrite {
  readonly rule: string;
  /** Null where it is as it was. */
  readonly health: { readonly value: RuleHealth; readonly version: number } | null;
  readonly alerts: readonly (Versioned<AlertState> & { readonly transition: AlertTransition | null })[];
  /** A change of the rule's own state. */
  readonly transition: AlertTransition | null;
  readonly notices: readonly AlertNotice[];
}

/** Where the leader of alerts keeps what it knows. All but `lead` are for it, over the connection that holds its lock. */
export interface AlertStore {
  /** Takes the lead of the workspace; false while another process has it. */
  lead(): Promise<boolean>;
  /** Alerts that are not inactive, and how rules do. */
  load(): Promise<{
    readonly alerts: readonly Versioned<AlertState>[];
    readonly health: ReadonlyMap<string, Versioned<RuleHealth>>;
  }>;
  /** Inactive alerts by their fingerprints. */
  recall(fingerprints: readonly string[]): Promise<readonly Versioned<AlertState>[]>;
  /** Puts the rules of this process's configuration in the place of those of the leader before. */
  adopt(rules: readonly StoredRule[]): Promise<void>;
  controls(): Promise<AlertControls>;
  /** Throws `AlertRaceError` when a row is of another version: nothing is written then. */
  write(change: RuleWrite): Promise<void>;
  /** Forgets what is long over. Answers the rules whose health is forgotten. */
  tidy(): Promise<readonly string[]>;
  release(): Promise<void>;
}

/** Somebody else has written: what is stored must be read again. */
export class AlertRaceError extends Error {
  readonly code = 'alert_race';
}

/** The key of a queue in `AlertControls.marks`. */
export function queueKey({ cluster, topic }: { readonly cluster: string; readonly topic: string }): string {
  return JSON.stringify([cluster, topic]);
}
