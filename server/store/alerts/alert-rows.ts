import type { AlertState, AlertTransition, ShownState, Told } from '../../model/alert-state.ts';
import type { RuleHealth, Versioned } from '../../ports/alert-store.ts';

/** SQL for a timestamptz as milliseconds since 1970 (a number, or null). */
export function msSql(column: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8`;
}

/** SQL for a number of milliseconds as timestamptz. */
export function fromMsSql(expression: string): string {
  return `to_timestamp(${expression}::float8 / 1000)`;
}

/** A row of `alert`, as `ALERT_COLUMNS` select it. */
export interface AlertRow extends Pick<AlertState, 'fingerprint' | 'rule' | 'labels' | 'phase' | 'firing' | 'value'> {
  readonly version: string;
  readonly since: number;
  readonly trouble: 'no data' | 'error' | null;
  readonly trouble_since: number | null;
  readonly trouble_why: string | null;
  readonly starts_at: number | null;
  readonly ends_at: number | null;
  readonly clear_since: number | null;
  readonly ledger: AlertState['ledger'];
  readonly told: Told | null;
  readonly annotations: AlertState['annotations'];
}

export const ALERT_COLUMNS = `a.fingerprint, a.version, a.rule, a.labels, a.phase, ${msSql('a.since')} as since, a.trouble,
  ${msSql('a.trouble_since')} as trouble_since, a.trouble_why, a.firing, ${msSql('a.starts_at')} as starts_at,
  ${msSql('a.ends_at')} as ends_at, ${msSql('a.clear_since')} as clear_since, a.value, a.ledger, a.told, a.annotations`;

export function toAlert(row: AlertRow): Versioned<AlertState> {
  const { fingerprint, rule, labels, phase, since, firing, value, ledger, told, annotations } = row;
  return {
    version: Number(row.version),
    value: {
      ...{ fingerprint, rule, labels, phase, since },
      trouble:
        row.trouble === null
          ? null
          : { kind: row.trouble, since: row.trouble_since ?? since, why: row.trouble_why ?? '' },
      ...{ firing, startsAt: row.starts_at, endsAt: row.ends_at, clearSince: row.clear_since },
      ...{ value, ledger, told, annotations },
    },
  };
}

/** A row of `alert_transition`, as `TRANSITION_COLUMNS` select it. */
export interface TransitionRow extends Omit<AlertTransition, 'from' | 'to'> {
  readonly from_state: ShownState;
  readonly to_state: ShownState;
}

export const TRANSITION_COLUMNS = `t.fingerprint, t.rule, t.labels, t.firing, t.from_state, t.to_state, ${msSql('t.at')} as at,
  t.value, t.why`;

export function toTransition({ from_state, to_state, ...row }: TransitionRow): AlertTransition {
  return { ...row, from: from_state, to: to_state };
}

export interface HealthRow extends Omit<RuleHealth, 'evaluatedAt' | 'notHeld'> {
  readonly rule: string;
  readonly version: string;
  readonly evaluated_at: number;
  readonly not_held: number;
}

export const HEALTH_COLUMNS = `s.rule, s.version, s.health, ${msSql('s.since')} as since, s.why, s.warnings,
  ${msSql('s.evaluated_at')} as evaluated_at, s.not_held`;

export function toHealth({ evaluated_at, not_held, version, rule: _rule, ...row }: HealthRow): Versioned<RuleHealth> {
  return { version: Number(version), value: { ...row, evaluatedAt: evaluated_at, notHeld: not_held } };
}
