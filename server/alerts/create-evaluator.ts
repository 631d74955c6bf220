import { isDeepStrictEqual } from 'node:util';
import type { AlertRule, StoredRule, WrittenRule } from '../model/alert-rule.ts';
import type { AlertState, AlertTransition, ShownState } from '../model/alert-state.ts';
import { createOwnership, type OwnershipRules } from '../model/ownership.ts';
import type { AlertReadings } from '../ports/alert-readings.ts';
import {
  type AlertControls,
  type AlertStore,
  queueKey,
  type RuleHealth,
  type RuleWrite,
  type Versioned,
} from '../ports/alert-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Leading } from '../ports/leading.ts';
import type { QueueReadings } from '../ports/queue-readings.ts';
import { ownerOfAlert } from './alert-labels.ts';
import { bareRule } from './bare-rule.ts';
import { annotationsOf } from './describe-alert.ts';
import { type AlertChange, endRule, evaluateRule, type RuleOutcome } from './evaluate-rule.ts';
import { lookAt, type WarnedLook } from './look.ts';
import { alertFingerprint } from './new-alert.ts';
import { tellOf, type Withholding } from './notices.ts';
import { type RuleReading, readRule } from './read-rule.ts';
import { rulesInForce } from './rules-in-force.ts';

/** What the evaluator is built from. */
export interface EvaluatorDeps {
  readonly store: AlertStore;
  readonly readings: AlertReadings;
  readonly queues: QueueReadings;
  readonly ownership: OwnershipRules;
  /** Rules of this process's configuration, and built-in ones. */
  readonly rules: readonly StoredRule[];
  readonly clock: Clock;
  /** Hears of each round that failed; what it left undone is found again. */
  onFailure(error: unknown): void;
  onWorked(): void;
}

const ROUND_MS = 1_000;
/** A process that does not lead asks this often whether it may. */
const FOLLOW_MS = 3_000;
const RETRY_MS = [2_000, 5_000, 10_000] as const;
const TIDY_MS = 3_600_000;
/** Rules about queues are looked at in every round, those that sum up counts less often. */
const SLOW_MS = 10_000;
const QUICK: ReadonlySet<string> = new Set(['dead_letter_depth', 'dead_letter_age', 'tap_lag']);
/** That a rule was evaluated is written down at least this often. */
const HEALTH_MS = 10_000;
/** A look that takes longer is given up: the rule's state says so, and the others go on. */
const LOOK_MS = 10_000;

/** What the leader knows; all of it is stored. */
interface Memory {
  readonly alerts: Map<string, Map<string, Versioned<AlertState>>>;
  readonly health: Map<string, Versioned<RuleHealth>>;
  readonly lookedAt: Map<string, number>;
  tidiedAt: number;
}

/** One process per workspace leads: every round it holds what is known against all rules, and writes what changed. */
export function createEvaluator(deps: EvaluatorDeps): Leading {
  const { store, readings, queues, clock } = deps;
  const ownership = createOwnership(deps.ownership);
  let memory: Memory | null = null;

  const next = async (stopping: AbortSignal): Promise<number> => {
    if (memory === null) {
      if (!(await store.lead())) return FOLLOW_MS;
      const loaded = await store.load();
      await store.adopt(deps.rules);
      const alerts: Memory['alerts'] = new Map();
      for (const alert of loaded.alerts) remember(alerts, alert);
      memory = { alerts, health: new Map(loaded.health), lookedAt: new Map(), tidiedAt: Number.NEGATIVE_INFINITY };
    }
    await round(memory, stopping);
    return ROUND_MS;
  };

  const round = async (held: Memory, stopping: AbortSignal): Promise<void> => {
    const controls = await store.controls();
    const now = clock.now();
    const withholding = { ...controls, ownership };
    const rules = rulesInForce(controls.rules).filter(({ shadowed }) => !shadowed);
    const names = new Set(rules.map(({ written }) => written.name));
    for (const name of held.alerts.keys()) if (!names.has(name)) await end(held, name, withholding, now);
    for (const { written } of rules) {
      if (stopping.aborted) return;
      await evaluate(held, written, controls, withholding);
    }
    if (now - held.tidiedAt >= TIDY_MS) {
      for (const name of await store.tidy()) held.health.delete(name);
      held.tidiedAt = now;
    }
  };

  const evaluate = async (
    held: Memory,
    written: WrittenRule,
    controls: AlertControls,
    withholding: Withholding,
  ): Promise<void> => {
    const read = readRule(written);
    const rule = read.ok ? read.rule : null;
    const began = clock.now();
    const due = began - (held.lookedAt.get(written.name) ?? Number.NEGATIVE_INFINITY) >= restOf(written);
    if (!due) {
      if (rule !== null) await retell(held, rule, withholding, began);
      return;
    }
    const look = rule === null ? unreadable(read) : await lookSafely(rule, controls, began);
    const now = clock.now();
    held.lookedAt.set(written.name, began);
    const known = statesOf(held, written.name);
    // A rule that cannot be read any more has alerts still: they are in error as it is.
    const evaluated = rule ?? bareRule(written.name);
    let outcome = evaluateRule(evaluated, known, look, now);
    const strangers = outcome.changes.filter(({ held: before }) => !known.has(before.fingerprint));
    const recalled =
      strangers.length === 0 ? [] : await store.recall(strangers.map(({ held: before }) => before.fingerprint));
    if (recalled.length > 0) {
      const former = recalled.map(({ value }) => [value.fingerprint, value] as const);
      outcome = evaluateRule(evaluated, new Map([...known, ...former]), look, now);
    }
    const health = healthOf(held, written, look, outcome, now);
    await write(held, evaluated, outcome, withholding, now, { health, recalled });
  };

  /** A silence that begins or ends is told also between two looks. */
  const retell = (held: Memory, rule: AlertRule, withholding: Withholding, now: number): Promise<void> => {
    const changes = [...statesOf(held, rule.name).values()]
      .filter(({ phase }) => phase === 'firing')
      .map((state) => ({ held: state, next: state, transition: null, item: undefined }));
    return write(held, rule, { changes, notHeld: 0 }, withholding, now);
  };

  const end = async (held: Memory, name: string, withholding: Withholding, now: number): Promise<void> => {
    await write(held, bareRule(name), endRule(statesOf(held, name), now), withholding, now);
    // How it did stays known while it is stored: a rule of its name that is made again goes on with that row.
    held.alerts.delete(name);
  };

  const lookSafely = async (rule: AlertRule, controls: AlertControls, now: number): Promise<WarnedLook> => {
    if (!rule.enabled) return { kind: 'read', items: [], warnings: [] };
    const markOf = (queue: { readonly cluster: string; readonly topic: string }) =>
      controls.marks.get(queueKey(queue)) ?? null;
    try {
      return await inTime(lookAt(rule, { readings, queues, markOf, now }));
    } catch (error) {
      // Whatever reading one rule meets is that rule's state; the next round tries again.
      return { kind: 'error', why: `It could not be read: ${textOf(error)}.`, warnings: [] };
    }
  };

  const write = async (
    held: Memory,
    rule: AlertRule,
    outcome: RuleOutcome,
    withholding: Withholding,
    now: number,
    { health, recalled }: Aside = NOTHING_ASIDE,
  ): Promise<void> => {
    const former = new Map(recalled.map((each) => [each.value.fingerprint, each.version]));
    const alerts: RuleWrite['alerts'][number][] = [];
    const notices: RuleWrite['notices'][number][] = [];
    for (const change of outcome.changes) {
      const explained = await explain(rule, change);
      const { next: told, notice } = tellOf(change.held, explained, rule, withholding, now);
      if (notice !== null) notices.push(notice);
      if (isDeepStrictEqual(told, change.held)) continue;
      const { fingerprint } = told;
      const version = held.alerts.get(rule.name)?.get(fingerprint)?.version ?? former.get(fingerprint) ?? 0;
      alerts.push({ value: told, version, transition: change.transition });
    }
    if (alerts.length === 0 && health === null) return;
    const version = held.health.get(rule.name)?.version ?? 0;
    await store.write({
      ...{ rule: rule.name, alerts, notices },
      health: health === null ? null : { value: health.next, version },
      transition: health?.transition ?? null,
    });
    for (const { value, version: was } of alerts) remember(held.alerts, { value, version: was + 1 });
    if (health !== null) held.health.set(rule.name, { value: health.next, version: version + 1 });
  };

  /** What is said of an alert is looked up when it begins to fire. */
  const explain = async (rule: AlertRule, { held, next: state, item }: AlertChange): Promise<AlertState> => {
    if (state.phase !== 'firing' || held.phase === 'firing') return state;
    const found = await inTime(readings.exemplars(rule.kind, state.labels)).catch(() => NO_EXEMPLARS);
    const annotations: Readonly<Record<string, string>> = found.service === null ? {} : { service: found.service };
    const owner = ownerOfAlert({ labels: state.labels, annotations }, ownership);
    return { ...state, annotations: annotationsOf(rule, state, item, { ...found, owner }) };
  };

  return {
    retryMs: RETRY_MS,
    async step(stopping) {
      const restMs = await next(stopping);
      deps.onWorked();
      return restMs;
    },
    failed(error, stopping) {
      // Whether the last write was taken is not known: what is stored is read again.
      memory = null;
      if (!stopping.aborted) deps.onFailure(error);
    },
    interrupt() {},
    release: () => store.release(),
  };
}

/** What is written beside the alerts of a rule. */
interface Aside {
  readonly health: { readonly next: RuleHealth; readonly transition: AlertTransition | null } | null;
  /** Alerts that were inactive until now. */
  readonly recalled: readonly Versioned<AlertState>[];
}

const NOTHING_ASIDE: Aside = { health: null, recalled: [] };

const NO_EXEMPLARS = { traces: [], service: null };

function restOf({ watch }: WrittenRule): number {
  return QUICK.has(watch) ? 0 : SLOW_MS;
}

function unreadable(read: RuleReading): WarnedLook {
  const faults = read.ok ? [] : read.faults.map(({ key, problem }) => `${key} ${problem}`);
  return { kind: 'error', why: `The rule cannot be used: ${faults.join('; ')}.`, warnings: [] };
}

function statesOf({ alerts }: Memory, rule: string): ReadonlyMap<string, AlertState> {
  return new Map([...(alerts.get(rule) ?? [])].map(([fingerprint, { value }]) => [fingerprint, value]));
}

/** Inactive alerts are not remembered: the store knows how often they have fired. */
function remember(alerts: Memory['alerts'], alert: Versioned<AlertState>): void {
  const { rule, fingerprint, phase, trouble } = alert.value;
  const ofRule = alerts.get(rule) ?? new Map<string, Versioned<AlertState>>();
  alerts.set(rule, ofRule);
  if (phase === 'inactive' && trouble === null) ofRule.delete(fingerprint);
  else ofRule.set(fingerprint, alert);
}

/** How a rule does after a look; null where it is as it was, and was written down lately. */
function healthOf(
  { health }: Memory,
  { name, enabled = true }: WrittenRule,
  look: WarnedLook,
  { notHeld }: RuleOutcome,
  now: number,
): { readonly next: RuleHealth; readonly transition: AlertTransition | null } | null {
  const before = health.get(name)?.value;
  const found = enabled ? troubleOf(look) : ({ health: 'off', why: null } as const);
  const same = before?.health === found.health;
  const next: RuleHealth = {
    ...{ health: found.health, since: same ? before.since : now, why: found.why },
    ...{ warnings: look.warnings, evaluatedAt: now, notHeld },
  };
  const said = JSON.stringify([next.health, next.why, next.warnings, notHeld]);
  const was =
    before === undefined ? null : JSON.stringify([before.health, before.why, before.warnings, before.notHeld]);
  if (before !== undefined && said === was && now - before.evaluatedAt < HEALTH_MS) return null;
  const [from, to] = [shownOf(before?.health ?? 'ok'), shownOf(next.health)];
  const transition: AlertTransition | null =
    from === to
      ? null
      : {
          ...{ fingerprint: alertFingerprint(name, { '': 'rule' }), rule: name, labels: {}, firing: 0, from, to },
          ...{ at: now, value: null, why: next.why },
        };
  return { next, transition };
}

function shownOf(health: RuleHealth['health']): ShownState {
  return health === 'no data' || health === 'error' ? health : 'inactive';
}

function troubleOf(look: WarnedLook): Pick<RuleHealth, 'health' | 'why'> {
  if (look.kind !== 'read') return { health: look.kind, why: look.why };
  const troubles = look.items.flatMap(({ trouble }) => trouble ?? []);
  const [first] = troubles;
  // Where nothing at all can be told, the rule itself has no data.
  if (first !== undefined && troubles.length === look.items.length) return { health: first.kind, why: first.why };
  return { health: 'ok', why: null };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(`nothing came in ${LOOK_MS / 1000} s`)), LOOK_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A look took too long. */
class LateError extends Error {
  readonly code = 'late';
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200).replace(/\.$/, '');
}
