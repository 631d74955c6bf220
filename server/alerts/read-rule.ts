import { ALERT_SCOPES, type AlertRule, type AlertUnit, kindFacts, type WrittenRule } from '../model/alert-rule.ts';
import { durationText, parseDuration } from '../model/duration-text.ts';
import { parseNamePattern } from '../model/name-pattern.ts';
import type { RuleFault } from './rule-schema.ts';

export type RuleReading =
  | { readonly ok: true; readonly rule: AlertRule }
  | { readonly ok: false; readonly faults: readonly RuleFault[] };

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Counts of a longer window are for a page, not for an alert. */
const LONGEST_WINDOW_MS = DAY_MS;
const LONGEST_FOR_MS = 7 * DAY_MS;
/** Further back nobody looks for the last event of a type. */
const LONGEST_SILENCE_MS = 7 * DAY_MS;
const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/;
/** Labels that every alert has of its own. */
const RESERVED = new Set<string>(['alertname', 'severity', 'owner', 'cluster', ...ALERT_SCOPES]);

/** Checks what a rule's shape cannot say, and puts defaults where nothing is written. Every fault is named. */
export function readRule(written: WrittenRule): RuleReading {
  const faults: RuleFault[] = [];
  const say = (key: string, problem: string) => faults.push({ key, problem });
  const facts = kindFacts(written.watch);
  const threshold = readThreshold(written, say);
  const scope = readScope(written, say);
  if (written.watch === 'no_events' && scope.event_type === undefined)
    say('event_type', 'is missing: say which event type must not stop');
  for (const name of Object.keys(written.labels ?? {})) {
    if (!LABEL.test(name)) say(`labels.${name.slice(0, 60)}`, 'is no label; use letters, digits and underscores');
    else if (RESERVED.has(name)) say(`labels.${name}`, 'is set by the alert itself; choose another name');
  }
  if (written.runbook !== undefined && !isHttp(written.runbook)) say('runbook', 'must be an http or https address');
  const rule: AlertRule = {
    ...{ name: written.name, kind: written.watch, ...threshold, scope },
    windowMs: facts.windowMs === null ? null : readWindow(written, facts.windowMs, say),
    forMs: readWait(written.for, 'for', say),
    keepFiringForMs: readWait(written.keep_firing_for, 'keep_firing_for', say),
    severity: written.severity ?? 'warning',
    labels: written.labels ?? {},
    receivers: [...new Set(written.receivers ?? [])],
    runbook: written.runbook ?? null,
    enabled: written.enabled ?? true,
  };
  if (facts.windowMs === null && written.window !== undefined)
    say('window', `is nothing for ${written.watch}: it looks at an instant`);
  return faults.length === 0 ? { ok: true, rule } : { ok: false, faults };
}

type Say = (key: string, problem: string) => void;

function readThreshold(written: WrittenRule, say: Say): Pick<AlertRule, 'threshold' | 'unit'> {
  const { watch, threshold: text } = written;
  const { units, standard } = kindFacts(watch);
  const [unit = 'records'] = units;
  if (text === undefined) {
    if (standard === 'required') say('threshold', `is missing: ${watch} needs ${exampleOf(units)}`);
    return { threshold: typeof standard === 'number' ? standard : null, unit };
  }
  const found = thresholdOf(text, units);
  if (found === null) {
    say('threshold', `${quoted(text)} is no threshold for ${watch}; write ${exampleOf(units)}`);
    return { threshold: null, unit };
  }
  if (watch === 'no_events' && found.threshold > LONGEST_SILENCE_MS)
    say('threshold', `must be at most ${durationText(LONGEST_SILENCE_MS)}`);
  return found;
}

function thresholdOf(
  text: number | string,
  units: readonly AlertUnit[],
): { readonly threshold: number; readonly unit: AlertUnit } | null {
  const written = typeof text === 'string' ? text.trim() : text;
  if (units.includes('ms') && typeof written === 'string') {
    const ms = parseDuration(written);
    if (ms !== null) return { threshold: ms, unit: 'ms' };
  }
  const plain = units.find((unit) => unit !== 'ms');
  if (plain === undefined) return null;
  if (plain === 'share' && typeof written === 'string' && /^\d{1,3}(\.\d{1,6})?\s*%$/.test(written)) {
    return inShare(Number(written.slice(0, -1)) / 100);
  }
  const number =
    typeof written === 'number' ? written : /^\d{1,15}(\.\d{1,6})?$/.test(written) ? Number(written) : Number.NaN;
  if (!Number.isFinite(number) || number < 0 || number > Number.MAX_SAFE_INTEGER) return null;
  return plain === 'share' ? inShare(number) : { threshold: number, unit: plain };
}

function inShare(share: number) {
  return share <= 1 ? ({ threshold: share, unit: 'share' } as const) : null;
}

const EXAMPLES: Readonly<Record<AlertUnit, string>> = {
  records: 'a number of records, e.g. 100',
  ms: 'a duration, e.g. 15m',
  'per minute': 'a number per minute, e.g. 10',
  share: 'a percentage, e.g. 2%',
  traces: 'a number of traces, e.g. 5',
};

function exampleOf(units: readonly AlertUnit[]): string {
  return units.map((unit) => EXAMPLES[unit]).join(', or ');
}

function readScope(written: WrittenRule, say: Say): AlertRule['scope'] {
  const { scopes } = kindFacts(written.watch);
  return Object.fromEntries(
    ALERT_SCOPES.flatMap((scope) => {
      const text = written[scope];
      if (text === undefined) return [];
      if (!scopes.includes(scope)) {
        const known = scopes.length === 0 ? 'it is for all' : `it may name ${scopes.join(' and ')}`;
        say(scope, `is nothing for ${written.watch}: ${known}`);
      }
      const pattern = parseNamePattern(text);
      if (!pattern.ok) say(scope, `is no pattern: ${withoutStop(pattern.problem)}`);
      return [[scope, text]];
    }),
  );
}

function readWindow({ window: text }: WrittenRule, standard: number, say: Say): number {
  if (text === undefined) return standard;
  const ms = parseDuration(text);
  if (ms !== null && ms % MINUTE_MS === 0 && ms <= LONGEST_WINDOW_MS) return ms;
  say('window', `${quoted(text)} is no window; write whole minutes up to ${durationText(LONGEST_WINDOW_MS)}, e.g. 5m`);
  return standard;
}

function readWait(text: string | undefined, key: string, say: Say): number {
  if (text === undefined || /^0\s*(ms|s|m|h|d)?$/.test(text.trim())) return 0;
  const ms = parseDuration(text);
  if (ms !== null && ms <= LONGEST_FOR_MS) return ms;
  say(key, `${quoted(text)} is no duration up to ${durationText(LONGEST_FOR_MS)}; write e.g. 5m`);
  return 0;
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function quoted(text: number | string): string {
  return `"${String(text).slice(0, 60)}"`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
