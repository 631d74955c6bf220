import type { AlertRule, StoredRule, WrittenRule } from '../model/alert-rule.ts';
import type { AlertState, AlertTransition } from '../model/alert-state.ts';
import type { MatcherWire } from '../model/alert-wire.ts';
import type { Silence } from '../model/silence.ts';
import type { AlertReadings } from './alert-readings.ts';
import type { RuleHealth } from './alert-store.ts';
import type { QueueReadings } from './queue-readings.ts';

/** Epoch ms. */
export interface Acknowledgement {
  readonly fingerprint: string;
  readonly firing: number;
  readonly at: number;
  readonly author: string;
  readonly note: string | null;
}

export interface TransitionPage {
  /** Newest first. */
  readonly transitions: readonly AlertTransition[];
  readonly more: boolean;
}

/** All that is known of alerts at one time. */
export interface AlertOverview extends TransitionPage {
  readonly alerts: readonly AlertState[];
  readonly moreAlerts: boolean;
  readonly rules: readonly StoredRule[];
  readonly silences: readonly Silence[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** When any rule was last evaluated, epoch ms. */
  readonly evaluatedAt: number | null;
}

/** A mark of a queue as it was made. */
export interface MadeMark {
  readonly at: number;
  readonly offsets: Readonly<Record<string, number>>;
}

/** What pages and the API see and say of alerts. The leader of alerts reads it in its next round. */
export interface AlertDesk {
  /** Alerts that are not inactive, and what changed between two instants (epoch ms). */
  overview(range: { readonly from: number; readonly to: number }): Promise<AlertOverview>;
  /** One alert with its past; null where nothing is known of it. */
  alert(
    fingerprint: string,
  ): Promise<
    | (Pick<AlertOverview, 'rules' | 'silences' | 'acknowledgements'> &
        TransitionPage & { readonly alert: AlertState | null })
    | null
  >;
  rules(): Promise<{
    readonly rules: readonly StoredRule[];
    readonly health: ReadonlyMap<string, RuleHealth>;
    /** Alerts by rule. */
    readonly counts: ReadonlyMap<string, { readonly pending: number; readonly firing: number }>;
  }>;
  /** Makes a rule of the page. `taken`: the file or the page has one of its name; `full`: there are too many. */
  createRule(rule: WrittenRule): Promise<'created' | 'taken' | 'full'>;
  /** Changes a rule of the page, or puts one in the place of a built-in one. */
  changeRule(rule: WrittenRule): Promise<'changed' | 'read only' | 'unknown'>;
  removeRule(name: string): Promise<'removed' | 'read only' | 'unknown'>;
  acknowledge(
    fingerprint: string,
    said: { readonly author: string; readonly note: string | null },
  ): Promise<Acknowledgement | 'not firing' | 'unknown'>;
  /** Those that hold or will, then the newest that have ended, at most 500. */
  silences(): Promise<readonly Silence[]>;
  createSilence(silence: {
    readonly matchers: readonly MatcherWire[];
    readonly from: number;
    readonly until: number;
    readonly reason: string;
    readonly author: string;
  }): Promise<Silence | 'full'>;
  /** Ends a silence now; false where there is none that has not ended. */
  endSilence(id: string): Promise<boolean>;
  /** Everything in a queue until now counts as handled; null for a topic that nobody knows. */
  resolveQueue(
    queue: { readonly cluster: string | null; readonly topic: string },
    said: { readonly author: string; readonly note: string | null },
  ): Promise<(MadeMark & { readonly cluster: string }) | null>;
}

/** What is stored of the past, to hold a rule against. */
export interface AlertHistory {
  load(
    rule: AlertRule,
    range: { readonly from: number; readonly to: number },
  ): Promise<{
    /** From what it is and how fine, or why there is nothing, in a sentence. */
    readonly basis: string;
    readonly stepMs: number;
    readonly eventTypes: AlertReadings['eventTypes'];
    /** What would have been read at an instant; null where no history is kept. */
    readonly at: ((now: number) => { readonly readings: AlertReadings; readonly queues: QueueReadings }) | null;
  }>;
}
