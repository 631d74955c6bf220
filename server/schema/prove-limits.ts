import type { Comparison } from './comparison.ts';
import type { Limit } from './schema-atom.ts';
import { type Facts, isBoundWithin, textsOf } from './schema-facts.ts';

/** Whether a limit follows from others: of the same measure, or of what bounds it without being one. */
export function followsLimit(comparison: Comparison, facts: Facts, rule: Limit): boolean {
  const side = rule.kind === 'least' ? 1 : -1;
  if (isBoundWithin(facts[rule.kind][rule.of], rule, side)) return true;
  const limit = Number(rule.limit);
  // No length is below nothing.
  if (rule.of !== 'value' && rule.kind === 'least' && (limit < 0 || (limit === 0 && !rule.exclusive))) return true;
  if (rule.of === 'length') return followsLength(comparison, facts, rule.kind, limit);
  if (rule.of === 'fields' && rule.kind === 'least') return !rule.exclusive && facts.required.size >= limit;
  if (rule.of === 'fields') return !rule.exclusive && mostFields(comparison, facts) <= limit;
  return rule.of === 'items' && rule.kind === 'most' && !rule.exclusive && mostItems(comparison, facts) <= limit;
}

/** A pattern can bound the length. */
function followsLength(comparison: Comparison, facts: Facts, kind: Limit['kind'], limit: number): boolean {
  if (facts.patterns.length === 0) return false;
  const texts = textsOf(facts);
  const beyond =
    kind === 'least'
      ? { ...texts, most: Math.min(texts.most, Math.ceil(limit) - 1) }
      : { ...texts, least: Math.max(texts.least, Math.floor(limit) + 1) };
  return comparison.textBeyond(beyond, null).kind === 'none';
}

function mostFields(comparison: Comparison, { fields }: Facts): number {
  const closed = fields.filter(
    ({ patterns, rest }) => rest !== null && patterns.length === 0 && comparison.isNever(rest),
  );
  return Math.min(Number.POSITIVE_INFINITY, ...closed.map(({ named }) => named.size));
}

/** The most items that a list may have, as its items say. */
export function mostItems(comparison: Comparison, { items }: Facts): number {
  const closed = items.filter(({ rest }) => rest !== null && comparison.isNever(rest));
  return Math.min(Number.POSITIVE_INFINITY, ...closed.map(({ first }) => first.length));
}
