import type { AlertRule } from '../model/alert-rule.ts';
import type { AlertState, AlertTransition } from '../model/alert-state.ts';
import { alertFingerprint, newAlert } from './new-alert.ts';
import { isAbout, observe, type RuleItem, type RuleLook } from './observe-rule.ts';
import { endAlert, type Observation, stepAlert } from './step-alert.ts';

/** Most alerts of one rule that are held at a time; those beyond are counted. */
export const MOST_ALERTS = 500;

/** One alert before and after a look. */
export interface AlertChange {
  readonly held: AlertState;
  readonly next: AlertState;
  readonly transition: AlertTransition | null;
  /** What was found at it; undefined where nothing was. */
  readonly item: RuleItem | undefined;
}

export interface RuleOutcome {
  /** All alerts of the rule that were held or are now. */
  readonly changes: readonly AlertChange[];
  /** Alerts that would be active, beyond the most that are held. */
  readonly notHeld: number;
}

/**
 * Holds a look against all alerts of a rule: those that are held, and what was found above the threshold.
 * @param known alerts of before, also those that have not been active for long: they count their firings on
 * @param now epoch ms
 */
export function evaluateRule(
  rule: AlertRule,
  known: ReadonlyMap<string, AlertState>,
  look: RuleLook,
  now: number,
): RuleOutcome {
  const held = [...known.values()].filter((state) => state.phase !== 'inactive' || state.trouble !== null);
  if (!rule.enabled) return ended(held, now, 'The rule is turned off.');
  if (look.kind !== 'read')
    return { changes: held.map((state) => step(rule, state, look, undefined, now)), notHeld: 0 };
  const items = new Map(look.items.map((item) => [alertFingerprint(rule.name, item.labels), item]));
  const changes = held.map((state) => {
    const item = items.get(state.fingerprint);
    items.delete(state.fingerprint);
    if (item === undefined && !isAbout(rule, state.labels)) {
      return { held: state, ...endAlert(state, now, 'The rule is not about it any more.'), item };
    }
    return step(rule, state, observe(rule, state, item), item, now);
  });
  const found = [...items].flatMap(([fingerprint, item]) => {
    const state = known.get(fingerprint) ?? newAlert(rule.name, item.labels, now);
    const change = step(rule, state, observe(rule, state, item), item, now);
    return change.next.phase === 'inactive' ? [] : [change];
  });
  found.sort((a, b) => (b.next.value ?? 0) - (a.next.value ?? 0));
  const room = Math.max(0, MOST_ALERTS - changes.filter(({ next }) => next.phase !== 'inactive').length);
  return { changes: [...changes, ...found.slice(0, room)], notHeld: Math.max(0, found.length - room) };
}

/** Ends all alerts of a rule that is gone. */
export function endRule(known: ReadonlyMap<string, AlertState>, now: number): RuleOutcome {
  return ended([...known.values()], now, 'The rule is gone.');
}

function ended(held: readonly AlertState[], now: number, why: string): RuleOutcome {
  return { changes: held.map((state) => ({ held: state, ...endAlert(state, now, why), item: undefined })), notHeld: 0 };
}

function step(
  rule: AlertRule,
  held: AlertState,
  observation: Observation,
  item: RuleItem | undefined,
  now: number,
): AlertChange {
  return { held, ...stepAlert(held, observation, rule, now), item };
}
