import type { AlertNotice } from '../model/alert-notice.ts';
import type { AlertRule } from '../model/alert-rule.ts';
import type { AlertState, Told } from '../model/alert-state.ts';
import type { Ownership } from '../model/ownership.ts';
import type { Silence } from '../model/silence.ts';
import { labelsOf } from './alert-labels.ts';
import { isSilenced } from './silences.ts';

/** What keeps an alert from being told. */
export interface Withholding {
  readonly silences: readonly Silence[];
  /** Firings that somebody has acknowledged: `{fingerprint}/{firing}`. */
  readonly acknowledged: ReadonlySet<string>;
  readonly ownership: Ownership;
}

/** Names one firing of one alert. */
export function firingKey({ fingerprint, firing }: Pick<AlertState, 'fingerprint' | 'firing'>): string {
  return `${fingerprint}/${firing}`;
}

/**
 * What is to be told of an alert after a look, and the alert with that noted. A firing alert is told once; `withheld`
 * when it is silenced or acknowledged, and as firing again when that is over and it still fires. An end is told of what
 * was told.
 */
export function tellOf(
  held: AlertState,
  next: AlertState,
  rule: AlertRule,
  withholding: Withholding,
  now: number,
): { readonly next: AlertState; readonly notice: AlertNotice | null } {
  const ended = held.phase === 'firing' && next.phase !== 'firing';
  if (ended) return { next, notice: next.told === null ? null : noticeOf(next, next.told, 'resolved') };
  if (next.phase !== 'firing') return { next, notice: null };
  const labels = labelsOf(rule, next, withholding.ownership);
  const as = isWithheld(next, labels, withholding, now) ? 'withheld' : 'firing';
  if (as === next.told?.as) return { next, notice: null };
  const told = { as, receivers: rule.receivers, labels } as const;
  return { next: { ...next, told }, notice: noticeOf(next, told, as) };
}

function isWithheld(state: AlertState, labels: Told['labels'], withholding: Withholding, now: number): boolean {
  if (withholding.acknowledged.has(firingKey(state))) return true;
  return withholding.silences.some((silence) => isSilenced(silence, labels, now));
}

function noticeOf(state: AlertState, { receivers, labels }: Told, status: AlertNotice['status']): AlertNotice {
  const { fingerprint, firing, annotations } = state;
  return {
    ...{ fingerprint, firing, status, receivers, labels, annotations },
    startsAt: state.startsAt ?? state.since,
    endsAt: status === 'resolved' ? state.endsAt : null,
    path: `/alerts?alert=${fingerprint}`,
  };
}
