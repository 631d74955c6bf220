import type { Comparison } from './comparison.ts';
import type { TypeSet } from './field-types.ts';
import { holds, typeOfValue } from './holds.ts';
import type { Atom } from './schema-atom.ts';
import {
  ARRAY,
  type Facts,
  fieldNodes,
  isCrossed,
  itemNodes,
  NUMBERS,
  OBJECT,
  STRING,
  textsOf,
} from './schema-facts.ts';

/** Places at the beginning of a list that are looked at one by one to see that it cannot be. */
const MOST_PLACES = 4;

/** Proves that no value is valid under some rules, one level further down in the instance. */
export type IsEmpty = (atoms: readonly Atom[]) => boolean;

/** The types that some valid value may have: all but those whose rules contradict each other. */
export function possibleTypes(
  comparison: Comparison,
  atoms: readonly Atom[],
  facts: Facts,
  isEmptyInside: IsEmpty,
): TypeSet {
  let { types } = facts;
  if (facts.values !== null) {
    const left = facts.values.filter((value) => holds(comparison, value, atoms) !== 'no');
    types &= left.reduce((set: TypeSet, value) => set | typeOfValue(value), 0);
  }
  if (isCrossed(facts.least.value, facts.most.value)) types &= ~NUMBERS;
  if (isCrossed(facts.least.length, facts.most.length)) types &= ~STRING;
  if (isCrossed(facts.least.items, facts.most.items)) types &= ~ARRAY;
  if (isCrossed(facts.least.fields, facts.most.fields)) types &= ~OBJECT;
  if ((types & STRING) !== 0 && facts.patterns.length > 0) {
    if (comparison.textBeyond(textsOf(facts), null).kind === 'none') types &= ~STRING;
  }
  if ((types & OBJECT) !== 0 && lacksField(comparison, facts, isEmptyInside)) types &= ~OBJECT;
  if ((types & ARRAY) !== 0 && lacksItem(comparison, facts, isEmptyInside)) types &= ~ARRAY;
  return types;
}

/** Whether a field must be there that cannot be. */
function lacksField(comparison: Comparison, facts: Facts, isEmpty: IsEmpty): boolean {
  if (facts.fields.length === 0) return false;
  return [...facts.required].some((name) => {
    const atoms = comparison.reader.atomsOfAll(fieldNodes(comparison, facts.fields, name));
    return atoms.length > 0 && isEmpty(atoms);
  });
}

function lacksItem(comparison: Comparison, facts: Facts, isEmpty: IsEmpty): boolean {
  if (facts.items.length === 0 || facts.least.items === null) return false;
  const least = Math.min(MOST_PLACES, Math.ceil(Number(facts.least.items.limit)));
  return Array.from({ length: Math.max(0, least) }, (_, place) => place).some((place) => {
    const atoms = comparison.reader.atomsOfAll(itemNodes(facts.items, place));
    return atoms.length > 0 && isEmpty(atoms);
  });
}
