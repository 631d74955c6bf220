import { createHash } from 'node:crypto';
import type { AlertState } from '../model/alert-state.ts';

/** 16 hex digits that name an alert, the same for every firing: of its rule's name and what tells it from others. */
export function alertFingerprint(rule: string, labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([rule, sorted]))
    .digest('hex')
    .slice(0, 16);
}

/** An alert that nothing was ever found of. */
export function newAlert(rule: string, labels: Readonly<Record<string, string>>, now: number): AlertState {
  return {
    ...{ fingerprint: alertFingerprint(rule, labels), rule, labels },
    ...{ phase: 'inactive', since: now, trouble: null, firing: 0, startsAt: null, endsAt: null, clearSince: null },
    ...{ value: null, ledger: null, told: null, annotations: {} },
  };
}
