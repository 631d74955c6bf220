/** What a threshold is counted in: `share` from 0 to 1, `ms` milliseconds. */
export type AlertUnit = 'records' | 'ms' | 'per minute' | 'share' | 'traces';

/** What a rule may be narrowed to; each is a name or a pattern (`parseNamePattern`). */
export const ALERT_SCOPES = ['queue', 'topic', 'event_type', 'service', 'group'] as const;
export type AlertScope = (typeof ALERT_SCOPES)[number];

interface KindFacts {
  /** What it watches, as a page says it. */
  readonly title: string;
  /** A number is of the first that is no `ms`, a duration of `ms`, a percentage of `share`. */
  readonly units: readonly AlertUnit[];
  readonly scopes: readonly AlertScope[];
  /** Over how long it counts; null for what is true of an instant. */
  readonly windowMs: number | null;
  /** Threshold of a rule that names none, in its unit; `required`: it must name one; `objective`: that of each event type. */
  readonly standard: number | 'required' | 'objective';
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What a rule can watch. */
export const ALERT_KINDS = {
  dead_letter_depth: {
    title: 'Records in a dead-letter queue that nobody has handled',
    ...{ units: ['records'], scopes: ['queue'], windowMs: null, standard: 100 },
  },
  dead_letter_age: {
    title: 'Age of the oldest record in a dead-letter queue that nobody has handled',
    ...{ units: ['ms'], scopes: ['queue'], windowMs: null, standard: 24 * HOUR_MS },
  },
  dead_letter_rate: {
    title: 'Records per minute that come to a dead-letter queue',
    ...{ units: ['per minute'], scopes: ['queue'], windowMs: 5 * MINUTE_MS, standard: 'required' },
  },
  dead_letter_share: {
    title: 'Share of events that end in a dead-letter queue',
    ...{ units: ['share'], scopes: ['queue'], windowMs: 5 * MINUTE_MS, standard: 'required' },
  },
  latency: {
    title: 'p95 of an event type over its objective',
    ...{ units: ['ms'], scopes: ['event_type'], windowMs: 10 * MINUTE_MS, standard: 'objective' },
  },
  violation_rate: {
    title: 'Events per minute that break their schema',
    ...{ units: ['per minute'], scopes: ['event_type', 'service'], windowMs: 5 * MINUTE_MS, standard: 'required' },
  },
  violation_share: {
    title: 'Share of events that break their schema',
    ...{ units: ['share'], scopes: ['event_type', 'service'], windowMs: 5 * MINUTE_MS, standard: 'required' },
  },
  stalls: {
    title: 'Traces that stopped where the next event is overdue',
    ...{ units: ['traces'], scopes: ['event_type'], windowMs: null, standard: 0 },
  },
  consumer_lag: {
    title: 'Lag of a consumer group on a topic, in records or in time',
    ...{ units: ['records', 'ms'], scopes: ['group', 'topic'], windowMs: null, standard: 'required' },
  },
  tap_lag: {
    title: 'How far the tap is behind the ends of all partitions, in records or in time',
    ...{ units: ['records', 'ms'], scopes: [], windowMs: null, standard: 'required' },
  },
  coverage_hole: {
    title: 'Records of a topic that were found missing',
    ...{ units: ['records'], scopes: ['topic'], windowMs: HOUR_MS, standard: 0 },
  },
  no_events: {
    title: 'Time since the last event of a type was stored',
    ...{ units: ['ms'], scopes: ['event_type'], windowMs: null, standard: 'required' },
  },
} as const satisfies Readonly<Record<string, KindFacts>>;

export type AlertKind = keyof typeof ALERT_KINDS;

/** Facts of a kind without their literal types. */
export function kindFacts(kind: AlertKind): KindFacts {
  return ALERT_KINDS[kind];
}

export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where a rule is from: the page's may be changed there, and one of the same name comes before a built-in one. */
export type RuleOrigin = 'throughline.yaml' | 'page' | 'built in';

/** A rule as a file or a request writes it, checked. Absent keys have their defaults. */
export interface WrittenRule {
  readonly name: string;
  readonly watch: AlertKind;
  readonly threshold?: number | string | undefined;
  readonly window?: string | undefined;
  readonly queue?: string | undefined;
  readonly topic?: string | undefined;
  readonly event_type?: string | undefined;
  readonly service?: string | undefined;
  readonly group?: string | undefined;
  readonly for?: string | undefined;
  readonly keep_firing_for?: string | undefined;
  readonly severity?: Severity | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly receivers?: readonly string[] | undefined;
  readonly runbook?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** A rule with where it is from. */
export interface StoredRule {
  readonly origin: RuleOrigin;
  readonly written: WrittenRule;
}

/** A rule in force. An alert fires while what it watches is above `threshold`, for longer than `forMs`. */
export interface AlertRule {
  /** Names the rule; with the labels of an alert it makes the alert's fingerprint. */
  readonly name: string;
  readonly kind: AlertKind;
  /** In `unit`; null: the objective of each event type. */
  readonly threshold: number | null;
  readonly unit: AlertUnit;
  readonly windowMs: number | null;
  readonly scope: Readonly<Partial<Record<AlertScope, string>>>;
  readonly forMs: number;
  readonly keepFiringForMs: number;
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly string[];
  readonly runbook: string | null;
  readonly enabled: boolean;
}
