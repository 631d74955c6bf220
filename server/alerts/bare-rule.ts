import type { AlertRule } from '../model/alert-rule.ts';

/** Stands for a rule that is gone or cannot be read, of which there are alerts still. */
export function bareRule(name: string): AlertRule {
  return {
    ...{ name, kind: 'tap_lag', threshold: null, unit: 'records', windowMs: null, scope: {}, forMs: 0 },
    ...{ keepFiringForMs: 0, severity: 'warning', labels: {}, receivers: [], runbook: null, enabled: true },
  };
}
