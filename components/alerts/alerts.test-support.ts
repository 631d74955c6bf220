import type { AlertList, AlertRuleWire, AlertWire } from '@/server/model/alert-wire.ts';

const NOW = '2026-03-01T12:00:00.000000Z';

/** An alert that fires; a test says what it is about. */
export function alert(change: Partial<AlertWire> = {}): AlertWire {
  return {
    ...{
      fingerprint: '0123456789abcdef',
      rule: 'dead letters',
      kind: 'dead_letter_depth',
      state: 'firing',
      since: NOW,
    },
    ...{ held: 'firing', held_since: NOW, trouble: null, severity: 'critical', labels: { queue: 'x.dlq' } },
    ...{ annotations: {}, value: 101, threshold: { value: 100, unit: 'records' }, expired_unhandled: 0 },
    ...{ needs_resolving: false, firing: 1, starts_at: NOW, ends_at: null, owner: null, receivers: ['oncall'] },
    ...{ acknowledged: null, silenced_by: [] },
    ...change,
  };
}

/** The list with these alerts. */
export function alerts(held: readonly AlertWire[], counts: Partial<AlertList['counts']> = {}): AlertList {
  return {
    ...{ as_of: NOW, coverage: { stored_share: 1, holes: 0, lower_bound: false } },
    ...{ alerts: held, more: false, from: NOW, to: NOW, transitions: [], more_transitions: false, evaluated_at: NOW },
    counts: { inactive: 0, pending: 0, firing: 0, resolved: 0, 'no data': 0, error: 0, ...counts },
  };
}

/** A rule of the page without alerts. */
export function rule(change: Partial<AlertRuleWire> = {}): AlertRuleWire {
  return {
    ...{ name: 'dead letters', kind: 'dead_letter_depth', title: '', threshold: { value: 100, unit: 'records' } },
    ...{ origin: 'page', shadowed: false, enabled: true, state: 'ok', state_since: NOW, trouble: null },
    written: { name: change.name ?? 'dead letters', watch: 'dead_letter_depth' },
    ...{ warnings: [], evaluated_at: NOW, pending: 0, firing: 0, not_held: 0 },
    ...change,
  };
}
