import { ALERT_SCOPES, type AlertKind, type AlertRule, type AlertScope, kindFacts } from '../model/alert-rule.ts';
import type { AlertState, QueueLedger, QueueMark } from '../model/alert-state.ts';
import { type MeansName, parseNamePattern } from '../model/name-pattern.ts';
import type { QueueReading } from '../model/queue-reading.ts';
import { advanceLedger, GONE_QUEUE, openLedger, queueDepth, unhandledOf } from './queue-ledger.ts';
import type { Observation } from './step-alert.ts';

type Labels = Readonly<Record<string, string>>;

/** What one look found at one thing that a rule is about. */
export interface RuleItem {
  readonly labels: Labels;
  /** In the unit of the rule; null where there is none. */
  readonly value: number | null;
  /** Another threshold than the rule's: the objective of an event type. */
  readonly threshold?: number | null;
  /** What is known of the value: it is at least, or at most that, because not everything has been read. */
  readonly bound?: 'at least' | 'at most';
  /** Why nothing can be said of this one, in a sentence. */
  readonly trouble?: { readonly kind: 'no data' | 'error'; readonly why: string };
  /** Of rules about queues. */
  readonly queue?: QueueReading;
  readonly mark?: QueueMark | null;
  /** What is said of it when it fires, beside its labels. */
  readonly said?: Labels;
}

/** What one look found for a whole rule. */
export type RuleLook =
  | { readonly kind: 'read'; readonly items: readonly RuleItem[] }
  | { readonly kind: 'no data' | 'error'; readonly why: string };

/**
 * What it means that an active alert's thing was not found by a look that read: nothing happened there; nothing can be
 * said; or, of a queue, that it is gone with what was in it.
 */
const ABSENT: Readonly<Record<AlertKind, 'zero' | 'no data' | 'gone'>> = {
  dead_letter_depth: 'gone',
  dead_letter_age: 'gone',
  dead_letter_rate: 'zero',
  dead_letter_share: 'no data',
  latency: 'no data',
  violation_rate: 'zero',
  violation_share: 'no data',
  stalls: 'zero',
  consumer_lag: 'no data',
  tap_lag: 'no data',
  coverage_hole: 'zero',
  no_events: 'no data',
};

/** Whether a rule is about a thing with these labels. */
export function isAbout(rule: Pick<AlertRule, 'kind' | 'scope'>, labels: Labels): boolean {
  const meant = meaningOf(rule.scope);
  return kindFacts(rule.kind).scopes.every((key) => {
    const means = meant.get(key);
    const name = labels[key];
    return means === undefined || (name !== undefined && means(name));
  });
}

/** What scopes mean, for as long as their rule is held: a look holds one against thousands of names. */
const meanings = new WeakMap<AlertRule['scope'], ReadonlyMap<AlertScope, MeansName>>();

function meaningOf(scope: AlertRule['scope']): ReadonlyMap<AlertScope, MeansName> {
  const known = meanings.get(scope);
  if (known !== undefined) return known;
  const made = new Map(
    ALERT_SCOPES.flatMap((key) => {
      const text = scope[key];
      if (text === undefined) return [];
      const pattern = parseNamePattern(text);
      return [[key, pattern.ok ? pattern.value : () => false] as const];
    }),
  );
  meanings.set(scope, made);
  return made;
}

/** What a look says of one alert; `item` is what was found at it, undefined where nothing was. */
export function observe(rule: AlertRule, held: AlertState, item: RuleItem | undefined): Observation {
  if (item?.trouble !== undefined) return item.trouble;
  if (rule.kind === 'dead_letter_depth' || rule.kind === 'dead_letter_age') return observeQueue(rule, held, item);
  if (item !== undefined) return compare(rule, item);
  return ABSENT[rule.kind] === 'zero'
    ? { kind: 'value', value: 0, above: false, ledger: null, why: null }
    : { kind: 'no data', why: 'Nothing is known of it any more.' };
}

function compare(rule: AlertRule, { value, threshold, bound }: RuleItem): Observation {
  const limit = threshold === undefined ? rule.threshold : threshold;
  if (value === null || limit === null) return { kind: 'no data', why: 'There is no value to compare.' };
  const above = value > limit;
  if ((bound === 'at least' && !above) || (bound === 'at most' && above)) {
    return { kind: 'no data', why: 'The tap has not read everything yet, so it cannot be told.' };
  }
  return { kind: 'value', value, above, ledger: null, why: null };
}

function observeQueue(rule: AlertRule, held: AlertState, item: RuleItem | undefined): Observation {
  const limit = rule.threshold ?? 0;
  const isActive = held.phase === 'pending' || held.phase === 'firing';
  const queue = item?.queue ?? GONE_QUEUE;
  const mark = item?.mark ?? null;
  const ledger = isActive && held.ledger !== null ? advanceLedger(held.ledger, queue, mark) : openLedger(queue, mark);
  const depth = queueDepth(queue, mark);
  const age = item?.value ?? null;
  if (rule.kind === 'dead_letter_age' && ledger.left === 0 && depth > 0 && age === null) {
    return { kind: 'no data', why: 'The oldest record of the queue is not stored, so its age is not known.' };
  }
  const [value, above] =
    rule.kind === 'dead_letter_depth'
      ? [unhandledOf(ledger), unhandledOf(ledger) > limit]
      : [depth === 0 ? 0 : age, ledger.left > 0 || (depth > 0 && (age ?? 0) > limit)];
  return { kind: 'value', value, above, ledger, why: whyOf(ledger, depth, item === undefined) };
}

function whyOf({ left }: QueueLedger, depth: number, gone: boolean): string | null {
  if (left === 0) return gone ? 'The queue is gone.' : null;
  const expired = `${left} expired unhandled, ${depth} ${depth === 1 ? 'is' : 'are'} in the queue`;
  return gone ? `The queue is gone: ${left} of its records were never handled.` : `${expired}.`;
}
