import { labelsOf, ownerOfAlert } from '../../alerts/alert-labels.ts';
import { bareRule } from '../../alerts/bare-rule.ts';
import { firingKey } from '../../alerts/notices.ts';
import { readRule } from '../../alerts/read-rule.ts';
import { rulesInForce } from '../../alerts/rules-in-force.ts';
import { isSilenced } from '../../alerts/silences.ts';
import type { AlertRule } from '../../model/alert-rule.ts';
import { type AlertState, type AlertTransition, shownState } from '../../model/alert-state.ts';
import type { AlertTransitionWire, AlertWire } from '../../model/alert-wire.ts';
import type { OwnerWire } from '../../model/owner-wire.ts';
import type { Owner, Ownership } from '../../model/ownership.ts';
import type { AlertOverview } from '../../ports/alert-desk.ts';

/** What alerts are told with. */
export interface Telling extends Pick<AlertOverview, 'rules' | 'silences' | 'acknowledgements'> {
  readonly ownership: Ownership;
  /** Epoch ms. */
  readonly now: number;
}

/** Tells alerts as the API does. */
export function alertTeller(telling: Telling): (state: AlertState) => AlertWire {
  const rules = new Map(
    rulesInForce(telling.rules).flatMap(({ written, shadowed }) => {
      const read = readRule(written);
      return read.ok && !shadowed ? [[written.name, read.rule] as const] : [];
    }),
  );
  const acknowledged = new Map(telling.acknowledgements.map((each) => [firingKey(each), each]));
  return (state) => {
    const rule = rules.get(state.rule) ?? bareRule(state.rule);
    const labels = labelsOf(rule, state, telling.ownership);
    const taken = state.phase === 'firing' ? acknowledged.get(firingKey(state)) : undefined;
    return {
      ...{ fingerprint: state.fingerprint, rule: state.rule, kind: rule.kind },
      ...{ state: shownState(state), since: instant(state.trouble?.since ?? state.since) },
      ...{ held: state.phase, held_since: instant(state.since), trouble: state.trouble?.why ?? null },
      ...{ severity: rule.severity, labels, annotations: state.annotations, value: state.value },
      threshold: thresholdOf(rule, state),
      expired_unhandled: state.ledger?.left ?? null,
      needs_resolving: needsResolving(rule, state),
      ...{ firing: state.firing, starts_at: maybeInstant(state.startsAt), ends_at: maybeInstant(state.endsAt) },
      owner: toOwner(ownerOfAlert(state, telling.ownership)),
      receivers: rule.receivers,
      acknowledged: taken === undefined ? null : { at: instant(taken.at), author: taken.author, note: taken.note },
      silenced_by: telling.silences.filter((each) => isSilenced(each, labels, telling.now)).map(({ id }) => id),
    };
  };
}

/** The objective of an event type is written down where it fired. */
function thresholdOf(rule: AlertRule, { annotations }: AlertState): AlertWire['threshold'] {
  const objective = Number(annotations.objective_ms ?? Number.NaN);
  return { value: rule.threshold ?? (Number.isFinite(objective) ? objective : null), unit: rule.unit };
}

/** What has expired is never handled, and without a group that works a queue off nothing says that it was. */
function needsResolving({ kind }: AlertRule, { phase, ledger, annotations }: AlertState): boolean {
  if (kind !== 'dead_letter_depth' && kind !== 'dead_letter_age') return false;
  return phase === 'firing' && ((ledger?.left ?? 0) > 0 || annotations.triage_groups === undefined);
}

export function toTransitionWire(transition: AlertTransition): AlertTransitionWire {
  return { ...transition, at: instant(transition.at) };
}

function toOwner(owner: Owner | null): OwnerWire | null {
  return owner === null ? null : { team: owner.team, contact: owner.contact, run_book: owner.runBook };
}

/** RFC 3339 of epoch ms. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}

export function maybeInstant(ms: number | null): string | null {
  return ms === null ? null : instant(ms);
}
