import type { AlertRule } from '../model/alert-rule.ts';
import { type AlertState, type AlertTransition, type QueueLedger, shownState } from '../model/alert-state.ts';

/** What one look found of one alert. */
export type Observation =
  | {
      readonly kind: 'value';
      readonly value: number | null;
      /** Whether that is what the rule fires at. */
      readonly above: boolean;
      /** Of a queue: its account, begun with this look unless the alert is active. */
      readonly ledger: QueueLedger | null;
      /** What the states do not say, in a sentence. */
      readonly why: string | null;
    }
  | { readonly kind: 'no data' | 'error'; readonly why: string };

/** An alert after a look. */
export interface AlertStep {
  readonly next: AlertState;
  /** Null where it looks as before. */
  readonly transition: AlertTransition | null;
}

/** So long an alert is shown as resolved; then it is inactive. */
export const RESOLVED_MS = 15 * 60_000;

/**
 * The state machine of one alert.
 *
 *     inactive ──above──> pending ──for──> firing ──not above, keep_firing_for──> resolved ──15 min──> inactive
 *        ^───not above──────┘                 ^──────────────above, for────────────────┘
 *
 * `no data` and `error` lie over the phase, which stays what it was: neither fires, neither resolves. Of what was so
 * before, `for` goes on counting, because the next value says whether it held; `keep_firing_for` begins anew.
 * @param now epoch ms
 */
export function stepAlert(
  held: AlertState,
  observation: Observation,
  { forMs, keepFiringForMs }: Pick<AlertRule, 'forMs' | 'keepFiringForMs'>,
  now: number,
): AlertStep {
  if (observation.kind !== 'value') {
    const same = held.trouble?.kind === observation.kind ? held.trouble : null;
    const trouble = same ?? { kind: observation.kind, since: now, why: observation.why };
    return moved(held, { ...held, trouble, clearSince: null }, now, observation.why);
  }
  const phased = nextPhase({ ...held, trouble: null, value: observation.value }, observation.above);
  const isActive = phased.phase === 'pending' || phased.phase === 'firing';
  return moved(held, { ...phased, ledger: isActive ? observation.ledger : null }, now, observation.why);

  function nextPhase(state: AlertState, above: boolean): AlertState {
    switch (state.phase) {
      case 'inactive':
      case 'resolved':
        if (above) return forMs === 0 ? fire(state) : { ...state, phase: 'pending', since: now };
        return state.phase === 'resolved' && now - state.since >= RESOLVED_MS ? rest(state) : state;
      case 'pending':
        if (!above) return rest(state);
        return now - state.since >= forMs ? fire(state) : state;
      case 'firing': {
        if (above) return { ...state, clearSince: null };
        const clearSince = state.clearSince ?? now;
        return now - clearSince >= keepFiringForMs ? resolve(state) : { ...state, clearSince };
      }
    }
  }

  function fire(state: AlertState): AlertState {
    const firing = state.firing + 1;
    return { ...state, phase: 'firing', since: now, firing, startsAt: now, endsAt: null, clearSince: null, told: null };
  }

  function resolve(state: AlertState): AlertState {
    return { ...state, phase: 'resolved', since: now, endsAt: now, clearSince: null };
  }

  function rest(state: AlertState): AlertState {
    return { ...state, phase: 'inactive', since: now };
  }
}

/** Ends an alert whose rule is off, gone, or not about it any more. */
export function endAlert(held: AlertState, now: number, why: string): AlertStep {
  const phase = held.phase === 'firing' ? 'resolved' : 'inactive';
  if (held.phase === 'inactive' || held.phase === 'resolved') {
    return moved(held, { ...held, trouble: null }, now, why);
  }
  const next: AlertState = {
    ...{ ...held, phase, since: now, trouble: null, ledger: null, clearSince: null },
    endsAt: phase === 'resolved' ? now : held.endsAt,
  };
  return moved(held, next, now, why);
}

function moved(held: AlertState, next: AlertState, at: number, why: string | null): AlertStep {
  const [from, to] = [shownState(held), shownState(next)];
  const { fingerprint, rule, labels, firing, value } = next;
  return { next, transition: from === to ? null : { fingerprint, rule, labels, firing, from, to, at, value, why } };
}
