import { expect, test } from 'vitest';
import type { WrittenRule } from '../model/alert-rule.ts';
import type { AlertState } from '../model/alert-state.ts';
import { evaluateRule, MOST_ALERTS } from './evaluate-rule.ts';
import type { RuleItem, RuleLook } from './observe-rule.ts';
import { readRule } from './read-rule.ts';

function ruleOf(written: Partial<WrittenRule>) {
  const read = readRule({ name: 'R', watch: 'consumer_lag', threshold: 10, ...written });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.rule;
}

const lag = (group: string, value: number): RuleItem => ({ labels: { group, topic: 't' }, value });
const read = (...items: RuleItem[]): RuleLook => ({ kind: 'read', items });

/** Alerts after looks that follow each other. */
function after(looks: readonly RuleLook[], rule = ruleOf({})): Map<string, AlertState> {
  const known = new Map<string, AlertState>();
  looks.forEach((look, second) => {
    for (const { next } of evaluateRule(rule, known, look, second * 1000).changes) known.set(next.fingerprint, next);
  });
  return known;
}
const states = (known: ReadonlyMap<string, AlertState>) =>
  [...known.values()].map(({ labels, phase, trouble }) => `${labels.group} ${trouble?.kind ?? phase}`);

test('each thing above the threshold is an alert of its own', () => {
  expect(states(after([read(lag('a', 11), lag('b', 10), lag('c', 12))]))).toEqual(['c firing', 'a firing']);
});

test('a group that is gone is no data, and does not resolve its alert', () => {
  expect(states(after([read(lag('a', 11)), read()]))).toEqual(['a no data']);
  expect(states(after([read(lag('a', 11)), read(), read(lag('a', 3))]))).toEqual(['a resolved']);
});

test('where nothing happened, nothing is above', () => {
  const rule = ruleOf({ watch: 'violation_rate', threshold: 1 });
  const item = { labels: { event_type: 'x', service: 's' }, value: 5 };
  expect(states(after([read(item), read()], rule))).toEqual(['undefined resolved']);
});

test('a look that failed puts all alerts of the rule in error, and makes none', () => {
  expect(states(after([read(lag('a', 11)), { kind: 'error', why: 'x' }]))).toEqual(['a error']);
  expect(states(after([{ kind: 'error', why: 'x' }]))).toEqual([]);
});

test('what a rule is not about any more ends', () => {
  const known = after([read(lag('a', 11))]);
  const { changes } = evaluateRule(ruleOf({ group: 'b' }), known, read(), 9_000);
  expect(changes).toMatchObject([
    { next: { phase: 'resolved' }, transition: { why: 'The rule is not about it any more.' } },
  ]);
  expect(evaluateRule(ruleOf({ enabled: false }), known, read(lag('a', 99)), 9_000).changes).toMatchObject([
    { next: { phase: 'resolved' }, transition: { why: 'The rule is turned off.' } },
  ]);
});

test('a rule holds so many alerts, the worst of them, and counts the rest', () => {
  const many = read(...Array.from({ length: MOST_ALERTS + 20 }, (_, n) => lag(`g${n}`, 100 + n)));
  const { changes, notHeld } = evaluateRule(ruleOf({}), new Map(), many, 0);
  expect([changes.length, notHeld]).toEqual([MOST_ALERTS, 20]);
  expect(Math.min(...changes.map(({ next }) => next.value ?? 0))).toBe(120);
  const known = new Map(changes.map(({ next }) => [next.fingerprint, next]));
  const again = evaluateRule(ruleOf({}), known, many, 1_000);
  expect([again.changes.length, again.notHeld]).toEqual([MOST_ALERTS, 20]);
});
