import { expect, test } from 'vitest';
import { ALERT_KINDS, type AlertKind, type WrittenRule } from '../model/alert-rule.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { readRule } from './read-rule.ts';
import { parseWritten } from './rule-schema.ts';

const faultsOf = (value: unknown): string[] => {
  const shape = parseWritten(value);
  if (!shape.ok) return shape.faults.map(({ key, problem }) => `${key} ${problem}`);
  const read = readRule(shape.written);
  return read.ok ? [] : read.faults.map(({ key, problem }) => `${key} ${problem}`);
};
const rule = (change: Partial<WrittenRule>): WrittenRule => ({ name: 'R', watch: 'dead_letter_depth', ...change });
const thresholdOf = (change: Partial<WrittenRule>) => {
  const read = readRule(rule(change));
  return read.ok ? [read.rule.threshold, read.rule.unit] : read.faults;
};

test('the default rules are good, and fire above 100 records and 24 hours', () => {
  const rules = DEFAULT_RULES.map((written) => readRule(written));
  expect(rules).toMatchObject([
    { ok: true, rule: { kind: 'dead_letter_depth', threshold: 100, unit: 'records', scope: {}, enabled: true } },
    { ok: true, rule: { kind: 'dead_letter_age', threshold: 86_400_000, unit: 'ms', forMs: 0 } },
  ]);
});

test('a threshold is read in the unit of what is watched', () => {
  expect(thresholdOf({ threshold: '250' })).toEqual([250, 'records']);
  expect(thresholdOf({ watch: 'dead_letter_age', threshold: '36h' })).toEqual([129_600_000, 'ms']);
  expect(thresholdOf({ watch: 'violation_share', threshold: '2.5%' })).toEqual([0.025, 'share']);
  expect(thresholdOf({ watch: 'violation_share', threshold: 0.5 })).toEqual([0.5, 'share']);
  expect(thresholdOf({ watch: 'consumer_lag', threshold: 1000 })).toEqual([1000, 'records']);
  expect(thresholdOf({ watch: 'consumer_lag', threshold: '5m' })).toEqual([300_000, 'ms']);
  expect(thresholdOf({ watch: 'latency' })).toEqual([null, 'ms']);
  expect(thresholdOf({ watch: 'stalls' })).toEqual([0, 'traces']);
});

test.each([
  [
    rule({ threshold: 'abc' }),
    'threshold "abc" is no threshold for dead_letter_depth; write a number of records, e.g. 100',
  ],
  [
    rule({ threshold: '24h' }),
    'threshold "24h" is no threshold for dead_letter_depth; write a number of records, e.g. 100',
  ],
  [
    rule({ threshold: -1 }),
    'threshold "-1" is no threshold for dead_letter_depth; write a number of records, e.g. 100',
  ],
  [rule({ watch: 'no_events', threshold: '8d', event_type: 'a' }), 'threshold must be at most 7d'],
  [
    rule({ watch: 'dead_letter_share', threshold: '101%' }),
    'threshold "101%" is no threshold for dead_letter_share; write a percentage, e.g. 2%',
  ],
  [
    rule({ watch: 'consumer_lag' }),
    'threshold is missing: consumer_lag needs a number of records, e.g. 100, or a duration, e.g. 15m',
  ],
  [rule({ watch: 'no_events', threshold: '10m' }), 'event_type is missing: say which event type must not stop'],
  [rule({ for: 'soon' }), 'for "soon" is no duration up to 7d; write e.g. 5m'],
  [rule({ window: '5m' }), 'window is nothing for dead_letter_depth: it looks at an instant'],
  [
    rule({ watch: 'violation_rate', threshold: 1, window: '90s' }),
    'window "90s" is no window; write whole minutes up to 1d, e.g. 5m',
  ],
  [rule({ group: 'g' }), 'group is nothing for dead_letter_depth: it may name queue'],
  [rule({ queue: '(a+)+' }), 'queue is no pattern: The pattern “(a+)+” repeats a group that repeats or chooses itself'],
  [rule({ labels: { severity: 'x' } }), 'labels.severity is set by the alert itself; choose another name'],
  [rule({ labels: { 'no-label': 'x' } }), 'labels.no-label is no label; use letters, digits and underscores'],
  [rule({ runbook: 'javascript:alert(1)' }), 'runbook must be an http or https address'],
  [{ ...rule({}), treshold: 5 }, 'treshold is no key of a rule; perhaps threshold is meant'],
  [
    { name: 'R', watch: 'dead_leter_depth' },
    'watch "dead_leter_depth" is nothing a rule can watch; perhaps dead_letter_depth is meant',
  ],
  [{ ...rule({}), severity: 'fatal' }, 'severity must be critical, warning or info'],
  [{ watch: 'stalls' }, 'name must be a text'],
  [{ ...rule({}), name: 'two\nlines' }, 'name must be one line without control characters'],
  [{ ...rule({}), enabled: 'yes' }, 'enabled must be true or false'],
])('%j is refused with a sentence', (value, sentence) => {
  expect(faultsOf(value)).toEqual([sentence]);
});

test('no value whatsoever throws', () => {
  for (const value of [null, undefined, 1, 'x', [], { __proto__: null }, { name: {}, watch: [] }, new Map()]) {
    expect(faultsOf(value).length).toBeGreaterThan(0);
  }
});

test('each kind is read with a threshold of its first unit', () => {
  for (const kind of Object.keys(ALERT_KINDS) as AlertKind[]) {
    const threshold = ALERT_KINDS[kind].units[0] === 'ms' ? '5m' : ALERT_KINDS[kind].units[0] === 'share' ? '5%' : 5;
    expect(faultsOf({ name: 'R', watch: kind, threshold, ...(kind === 'no_events' && { event_type: 'x' }) })).toEqual(
      [],
    );
  }
});
