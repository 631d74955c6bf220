import type { AlertKind, AlertUnit, RuleOrigin, WrittenRule } from './alert-rule.ts';
import type { AsOf } from './as-of.ts';
import type { OwnerWire } from './owner-wire.ts';

/**
 * Where an alert stands. `no data` and `error`: it cannot be told at the moment, and stands as it stood before (`held`);
 * neither ever becomes `resolved` by itself.
 */
export type AlertStateName = 'inactive' | 'pending' | 'firing' | 'resolved' | 'no data' | 'error';

/** A change of one alert's state. */
export interface AlertTransitionWire {
  readonly at: string;
  readonly rule: string;
  /** Of the alert; of the rule itself where a whole rule could not be read. */
  readonly fingerprint: string;
  /** What tells the alert from others of its rule: `queue`, `event_type` … */
  readonly labels: Readonly<Record<string, string>>;
  /** Which firing it belongs to, from 1; 0 before the first. */
  readonly firing: number;
  readonly from: AlertStateName;
  readonly to: AlertStateName;
  /** In the unit of the rule. */
  readonly value: number | null;
  /** Why, in a sentence; null where the states say it all. */
  readonly why: string | null;
}

/** A number above which an alert fires. */
export interface ThresholdWire {
  /** Null: the objective of each event type. */
  readonly value: number | null;
  readonly unit: AlertUnit;
}

/** What was said of a firing alert by whoever takes care of it. */
export interface AcknowledgementWire {
  readonly at: string;
  readonly author: string;
  readonly note: string | null;
}

/** One alert: a rule, and what it was found at. */
export interface AlertWire {
  /** 16 hex digits: the same for every firing. */
  readonly fingerprint: string;
  readonly rule: string;
  readonly kind: AlertKind;
  readonly state: AlertStateName;
  readonly since: string;
  /** The state behind `no data` and `error`; else the same as `state`. */
  readonly held: AlertStateName;
  readonly held_since: string;
  /** Why there is no data, or what the error is, in a sentence. */
  readonly trouble: string | null;
  readonly severity: string;
  /** All labels, as a receiver gets them. */
  readonly labels: Readonly<Record<string, string>>;
  /** `summary`, `description`, `trace_1` …, as a receiver gets them; of the present or the last firing. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number | null;
  readonly threshold: ThresholdWire;
  /** Of a queue: records that left it unhandled, by retention or deletion, since the alert left `inactive`. */
  readonly expired_unhandled: number | null;
  /** True where it resolves only when somebody says so: no group is declared to work the queue off, or records have expired. */
  readonly needs_resolving: boolean;
  /** How often it has fired. */
  readonly firing: number;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
  readonly owner: OwnerWire | null;
  readonly receivers: readonly string[];
  readonly acknowledged: AcknowledgementWire | null;
  /** Ids of silences that hold for it now. */
  readonly silenced_by: readonly string[];
}

/** A rule and how it does. */
export interface AlertRuleWire {
  readonly name: string;
  readonly kind: AlertKind;
  readonly title: string;
  readonly threshold: ThresholdWire;
  readonly origin: RuleOrigin;
  /** Another rule of the same name comes before it: this one is not evaluated. */
  readonly shadowed: boolean;
  readonly enabled: boolean;
  /** To be sent back by `PUT`, or written into the file. */
  readonly written: WrittenRule;
  /** `off`: disabled; `waiting`: not evaluated yet. */
  readonly state: 'ok' | 'no data' | 'error' | 'off' | 'waiting';
  readonly state_since: string | null;
  readonly trouble: string | null;
  /** What may be meant otherwise: an event type that nobody ever saw. */
  readonly warnings: readonly string[];
  readonly evaluated_at: string | null;
  /** Alerts of it by state. */
  readonly pending: number;
  readonly firing: number;
  /** Alerts that it would have beyond the most that are held. */
  readonly not_held: number;
}

/** `GET /alerts`. */
export interface AlertList extends AsOf {
  /** Firing first, then what cannot be told, pending, and lately resolved. */
  readonly alerts: readonly AlertWire[];
  /** More alerts are held than are listed. */
  readonly more: boolean;
  readonly counts: Readonly<Record<AlertStateName, number>>;
  readonly from: string;
  readonly to: string;
  /** Of the range, newest first: what a time line is drawn from, with the state before the first. */
  readonly transitions: readonly AlertTransitionWire[];
  readonly more_transitions: boolean;
  /** When rules were last evaluated; null where no process does. */
  readonly evaluated_at: string | null;
}

/** `GET /alerts/{fingerprint}`: an alert with all that is kept of its past. */
export interface AlertDetail extends AsOf {
  /** Null where only its past is kept. */
  readonly alert: AlertWire | null;
  /** Newest first. */
  readonly transitions: readonly AlertTransitionWire[];
  readonly more_transitions: boolean;
}

/** `GET /alert-rules`. */
export interface AlertRuleList extends AsOf {
  readonly rules: readonly AlertRuleWire[];
  /** What a rule can watch, with what it may say. */
  readonly kinds: readonly {
    readonly kind: AlertKind;
    readonly title: string;
    readonly units: readonly AlertUnit[];
    readonly scopes: readonly string[];
    readonly window_s: number | null;
    /** Null: a rule must name one, or has the objective of each event type. */
    readonly standard_threshold: number | null;
  }[];
}

/** One stretch in which an alert would have fired. */
export interface PreviewFiring {
  readonly labels: Readonly<Record<string, string>>;
  readonly from: string;
  /** Null: it would fire now. */
  readonly to: string | null;
  readonly peak: number;
}

/** What a rule would have found at one thing. */
export interface PreviewSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Value per step from `from` on, the highest of each; null where it could not be told. */
  readonly values: readonly (number | null)[];
  readonly threshold: number | null;
}

/** `POST /alert-rules/preview`: a rule held against what is stored of the last 24 hours. Nothing is changed. */
export interface RulePreview extends AsOf {
  readonly rule: WrittenRule;
  readonly threshold: ThresholdWire;
  readonly from: string;
  readonly to: string;
  /** What it is computed from and how fine, in a sentence; also why there is nothing. */
  readonly basis: string;
  /** False: no history of this is kept, so only the present can be told. */
  readonly has_history: boolean;
  readonly step_s: number;
  /** Those with the highest values, at most 20. */
  readonly series: readonly PreviewSeries[];
  readonly more_series: boolean;
  readonly firings: readonly PreviewFiring[];
  /** How many there would have been, also beyond those listed. */
  readonly firing_count: number;
  readonly warnings: readonly string[];
}

export const MATCHER_OPERATORS = ['=', '!=', '=~', '!~'] as const;

/** A condition on a label. `=~` and `!~` take a regular expression for the whole value. */
export interface MatcherWire {
  readonly label: string;
  readonly operator: (typeof MATCHER_OPERATORS)[number];
  readonly value: string;
}

/** Alerts that all matchers fit are not told until it ends. */
export interface SilenceWire {
  readonly id: string;
  readonly matchers: readonly MatcherWire[];
  readonly from: string;
  readonly until: string;
  readonly reason: string;
  readonly author: string;
  readonly state: 'active' | 'to come' | 'ended';
  /** Alerts that it holds for now. */
  readonly alerts: number;
}

/** `GET /silences`: those that hold or will, then the newest that have ended. */
export interface SilenceList extends AsOf {
  readonly silences: readonly SilenceWire[];
}

/** `POST /alerts/queue-resolved`: everything in a queue until now counts as handled for alerts. */
export interface QueueResolved {
  readonly cluster: string;
  readonly topic: string;
  readonly at: string;
  /** Ends of the partitions at that time: later records count. */
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}
