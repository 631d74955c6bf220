import { MATCHER_OPERATORS, type MatcherWire } from '../model/alert-wire.ts';
import type { Silence } from '../model/silence.ts';
import { parseTopicPattern } from '../model/topic-pattern.ts';

type Labels = Readonly<Record<string, string>>;

/** Longest value that a pattern is held against. */
const LONGEST_VALUE = 512;

/** Why a matcher cannot be used, as the end of a sentence; null for one that can. */
export function matcherTrouble({ label, operator, value }: MatcherWire): string | null {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/.test(label)) return `"${label.slice(0, 60)}" is no name of a label`;
  if (!MATCHER_OPERATORS.includes(operator)) return `must have one of ${MATCHER_OPERATORS.join(' ')} as operator`;
  if (operator === '=' || operator === '!=') return null;
  const read = parseTopicPattern(whole(value));
  return read.ok ? null : `"${value.slice(0, 60)}" is no pattern that can be matched in a short time`;
}

/** A silence that holds for every alert was not meant. */
export function matchesAll(matchers: readonly MatcherWire[]): boolean {
  return matchers.every((matcher) => fits(matcher, {}));
}

/** Whether a silence holds for an alert with these labels at `now`. A label that is not there is an empty text. */
export function isSilenced(silence: Silence, labels: Labels, now: number): boolean {
  return silence.from <= now && now < silence.until && silence.matchers.every((matcher) => fits(matcher, labels));
}

function fits(matcher: MatcherWire, labels: Labels): boolean {
  const { label, operator } = matcher;
  const held = Object.hasOwn(labels, label) ? (labels[label] ?? '') : '';
  switch (operator) {
    case '=':
      return held === matcher.value;
    case '!=':
      return held !== matcher.value;
    case '=~':
      return matches(matcher, held);
    case '!~':
      return !matches(matcher, held);
  }
}

/** Patterns as they were read, for as long as their matcher is held: one is held against many alerts. */
const patterns = new WeakMap<MatcherWire, RegExp | null>();

function matches(matcher: MatcherWire, text: string): boolean {
  let pattern = patterns.get(matcher);
  if (pattern === undefined) {
    const read = parseTopicPattern(whole(matcher.value));
    pattern = read.ok ? read.value : null;
    patterns.set(matcher, pattern);
  }
  return pattern?.test(text.slice(0, LONGEST_VALUE)) ?? false;
}

function whole(pattern: string): string {
  return `^(?:${pattern})$`;
}
