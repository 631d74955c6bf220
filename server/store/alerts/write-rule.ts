import type { AlertState, AlertTransition } from '../../model/alert-state.ts';
import { AlertRaceError, type RuleWrite } from '../../ports/alert-store.ts';
import { storableText } from '../storable-text.ts';
import type { Queryable } from '../transaction.ts';
import { fromMsSql } from './alert-rows.ts';

const LONGEST_WHY = 1000;

/**
 * Writes what one look at a rule changed, inside the caller's transaction. Every row must be of the version it was read
 * with: a row that is not throws, and the transaction with it.
 */
export async function writeRule(client: Queryable, workspaceId: number, change: RuleWrite): Promise<void> {
  const made = change.alerts.filter(({ version }) => version === 0);
  const moved = change.alerts.filter(({ version }) => version > 0);
  await expectRows(made.length, () => client.query(INSERT, [workspaceId, JSON.stringify(made.map(toRow))]));
  await expectRows(moved.length, () => client.query(UPDATE, [workspaceId, JSON.stringify(moved.map(toRow))]));
  if (change.health !== null) {
    const { value, version } = change.health;
    await expectRows(1, () =>
      client.query(version === 0 ? MAKE_HEALTH : MOVE_HEALTH, [
        ...[workspaceId, change.rule, version, value.health, value.since],
        value.why === null ? null : storableText(value.why, LONGEST_WHY),
        ...[JSON.stringify(value.warnings), value.evaluatedAt, value.notHeld],
      ]),
    );
  }
  const transitions = change.alerts.flatMap(({ transition, version }) =>
    transition === null ? [] : [toTransitionRow(transition, version + 1)],
  );
  if (change.transition !== null && change.health !== null) {
    transitions.push(toTransitionRow(change.transition, change.health.version + 1));
  }
  await expectRows(transitions.length, () => client.query(HISTORY, [workspaceId, JSON.stringify(transitions)]));
}

async function expectRows(count: number, write: () => Promise<{ readonly rowCount: number | null }>): Promise<void> {
  if (count === 0) return;
  const { rowCount } = await write();
  if (rowCount !== count) throw new AlertRaceError(`${rowCount} of ${count} rows were as they were read`);
}

function toRow({ value: alert, version }: { readonly value: AlertState; readonly version: number }) {
  const { fingerprint, rule, labels, phase, since, trouble, firing, value, ledger, told, annotations } = alert;
  return {
    ...{ fingerprint, version, rule, labels, phase, since, firing, value, ledger, told, annotations },
    trouble: trouble?.kind ?? null,
    trouble_since: trouble?.since ?? null,
    trouble_why: trouble === null ? null : storableText(trouble.why, LONGEST_WHY),
    ...{ starts_at: alert.startsAt, ends_at: alert.endsAt, clear_since: alert.clearSince },
  };
}

function toTransitionRow({ from, to, why, ...rest }: AlertTransition, seq: number) {
  return { ...rest, seq, from_state: from, to_state: to, why: why === null ? null : storableText(why, LONGEST_WHY) };
}

const ROWS = `jsonb_to_recordset($2::jsonb) as r(fingerprint text, version bigint, rule text, labels jsonb, phase text,
  since float8, trouble text, trouble_since float8, trouble_why text, firing int, starts_at float8, ends_at float8,
  clear_since float8, value float8, ledger jsonb, told jsonb, annotations jsonb)`;

/** `null` inside JSON is a value of its own. */
const orNull = (column: string) => `nullif(r.${column}, 'null'::jsonb)`;

const INSERT = `
  insert into alert (workspace_id, fingerprint, version, rule, labels, phase, since, trouble, trouble_since, trouble_why,
    firing, starts_at, ends_at, clear_since, value, ledger, told, annotations, changed_at)
  select $1, fingerprint, 1, rule, labels, phase, ${fromMsSql('since')}, trouble, ${fromMsSql('trouble_since')}, trouble_why,
    firing, ${fromMsSql('starts_at')}, ${fromMsSql('ends_at')}, ${fromMsSql('clear_since')}, value, ${orNull('ledger')},
    ${orNull('told')}, annotations, now()
  from ${ROWS}
  on conflict (workspace_id, fingerprint) do nothing`;

const UPDATE = `
  update alert a set version = a.version + 1, rule = r.rule, labels = r.labels, phase = r.phase,
    since = ${fromMsSql('r.since')}, trouble = r.trouble, trouble_since = ${fromMsSql('r.trouble_since')},
    trouble_why = r.trouble_why, firing = r.firing, starts_at = ${fromMsSql('r.starts_at')},
    ends_at = ${fromMsSql('r.ends_at')}, clear_since = ${fromMsSql('r.clear_since')}, value = r.value,
    ledger = ${orNull('ledger')}, told = ${orNull('told')}, annotations = r.annotations, changed_at = now()
  from ${ROWS}
  where a.workspace_id = $1 and a.fingerprint = r.fingerprint and a.version = r.version`;

const MAKE_HEALTH = `
  insert into alert_rule_state (workspace_id, rule, version, health, since, why, warnings, evaluated_at, not_held)
  values ($1, $2, $3::bigint + 1, $4, ${fromMsSql('$5')}, $6, $7, ${fromMsSql('$8')}, $9)
  on conflict (workspace_id, rule) do nothing`;

const MOVE_HEALTH = `
  update alert_rule_state set version = version + 1, health = $4, since = ${fromMsSql('$5')}, why = $6, warnings = $7,
    evaluated_at = ${fromMsSql('$8')}, not_held = $9
  where workspace_id = $1 and rule = $2 and version = $3::bigint`;

const HISTORY = `
  insert into alert_transition (workspace_id, fingerprint, seq, rule, labels, firing, from_state, to_state, at, value, why)
  select $1, fingerprint, seq, rule, labels, firing, from_state, to_state, ${fromMsSql('at')}, value, why
  from jsonb_to_recordset($2::jsonb) as r(fingerprint text, seq bigint, rule text, labels jsonb, firing int,
    from_state text, to_state text, at float8, value float8, why text)`;
