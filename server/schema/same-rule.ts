import type { Comparison } from './comparison.ts';
import { isSame } from './same-value.ts';
import type { Rule, SchemaNode } from './schema-atom.ts';

/** Whether two rules that are compared as they are written say the same; false for those that are not. */
export function isSameRule(comparison: Comparison, one: Rule, other: Rule): boolean {
  const parts = partsOf(one);
  const others = partsOf(other);
  if (parts === null || others === null || one.kind !== other.kind || parts.length !== others.length) return false;
  if (one.kind === 'other' && other.kind === 'other' && one.keyword !== other.keyword) return false;
  return parts.every((part, place) => {
    const twin = others[place];
    if (part === null || twin === null || twin === undefined) return part === twin;
    return isSame(part, twin, comparison.budget);
  });
}

/** What of a rule has to be the same to be the same rule; null for rules that are understood without. */
function partsOf(rule: Rule): readonly (Parameters<typeof isSame>[0] | null)[] | null {
  const part = (node: SchemaNode | null) => (node === null ? null : { value: node.schema, document: node.document });
  switch (rule.kind) {
    case 'any of':
    case 'one of':
      return rule.branches.map(part);
    case 'not':
      return [part(rule.node)];
    case 'condition':
      return [part(rule.when), part(rule.then), part(rule.otherwise)];
    case 'other':
      return rule.text === null ? null : [{ value: rule.text, document: rule.node.document }];
    default:
      return null;
  }
}
