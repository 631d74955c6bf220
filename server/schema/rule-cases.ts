import type { Comparison } from './comparison.ts';
import type { TypeSet } from './field-types.ts';
import type { Atom, Rule } from './schema-atom.ts';
import { ALL_TYPES, ARRAY, MEASURED, NUMBERS, OBJECT, STRING } from './schema-facts.ts';

/** Branches of one alternative that a proof goes through. */
export const MOST_BRANCHES = 64;

/** The cases of the first alternative among some rules, each with all other rules; null when there is none. */
export function casesOf(comparison: Comparison, atoms: readonly Atom[]): readonly (readonly Atom[])[] | null {
  for (const atom of atoms) {
    const branches = branchesOf(comparison, atom.rule);
    if (branches === null || branches.length > MOST_BRANCHES) continue;
    const others = atoms.filter((other) => other !== atom);
    return branches.map((branch) => [...new Set([...others, ...branch])]);
  }
  return null;
}

/** Whatever is valid under a rule is valid under one of its branches. */
function branchesOf({ reader }: Comparison, rule: Rule): readonly (readonly Atom[])[] | null {
  if (rule.kind === 'any of' || rule.kind === 'one of') return rule.branches.map((branch) => reader.atomsOf(branch));
  if (rule.kind !== 'condition') return null;
  const { when, then, otherwise } = rule;
  return [
    reader.atomsOfAll(then === null ? [when] : [when, then]),
    [reader.notAtom(when), ...(otherwise === null ? [] : reader.atomsOf(otherwise))],
  ];
}

/** Types that a rule can refuse. */
export function speaksOf(rule: Rule): TypeSet {
  switch (rule.kind) {
    case 'least':
    case 'most':
      return MEASURED[rule.of];
    case 'multiple':
      return NUMBERS;
    case 'pattern':
    case 'format':
      return STRING;
    case 'required':
    case 'fields':
    case 'names':
      return OBJECT;
    case 'items':
    case 'unique items':
      return ARRAY;
    default:
      return ALL_TYPES;
  }
}
