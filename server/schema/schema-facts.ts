import type { Json } from '../model/json.ts';
import type { Comparison, Texts } from './comparison.ts';
import { FIELD_TYPES, type TypeSet, typeSetOf } from './field-types.ts';
import type { Atom, FieldRules, ItemRules, Measure, SchemaNode } from './schema-atom.ts';

export const ALL_TYPES: TypeSet = (1 << FIELD_TYPES.length) - 1;
export const NUMBERS: TypeSet = typeSetOf('integer') | typeSetOf('number');
export const STRING: TypeSet = typeSetOf('string');
export const ARRAY: TypeSet = typeSetOf('array');
export const OBJECT: TypeSet = typeSetOf('object');
const INTEGER = typeSetOf('integer');
const FRACTION = typeSetOf('number');

/** The type of values a measure speaks of. */
export const MEASURED: Readonly<Record<Measure, TypeSet>> = {
  value: NUMBERS,
  length: STRING,
  items: ARRAY,
  fields: OBJECT,
};

export interface Bound {
  readonly limit: number | bigint;
  readonly exclusive: boolean;
}

/** What a list of rules says together, as far as single rules can be joined. Every fact holds for every valid value. */
export interface Facts {
  readonly types: TypeSet;
  /** The only values there are; null when they are not listed. */
  readonly values: readonly Json[] | null;
  readonly least: Readonly<Record<Measure, Bound | null>>;
  readonly most: Readonly<Record<Measure, Bound | null>>;
  readonly multiples: readonly number[];
  readonly patterns: readonly string[];
  readonly formats: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  readonly isUnique: boolean;
  readonly fields: readonly FieldRules[];
  readonly items: readonly ItemRules[];
}

/** Joins rules. */
export function factsOf(atoms: readonly Atom[]): Facts {
  const least: Record<Measure, Bound | null> = { value: null, length: null, items: null, fields: null };
  const most: Record<Measure, Bound | null> = { value: null, length: null, items: null, fields: null };
  const multiples: number[] = [];
  const patterns: string[] = [];
  const formats = new Set<string>();
  const required = new Set<string>();
  const fields: FieldRules[] = [];
  const items: ItemRules[] = [];
  let types = ALL_TYPES;
  let values: readonly Json[] | null = null;
  let isUnique = false;
  for (const { rule } of atoms) {
    if (rule.kind === 'never') types = 0;
    else if (rule.kind === 'types') types &= rule.types;
    else if (rule.kind === 'values') values ??= rule.values;
    else if (rule.kind === 'least') least[rule.of] = tighter(least[rule.of], rule, 1);
    else if (rule.kind === 'most') most[rule.of] = tighter(most[rule.of], rule, -1);
    else if (rule.kind === 'multiple') multiples.push(rule.of);
    else if (rule.kind === 'pattern') patterns.push(rule.source);
    else if (rule.kind === 'format') formats.add(rule.name);
    else if (rule.kind === 'required') for (const name of rule.names) required.add(name);
    else if (rule.kind === 'unique items') isUnique = true;
    else if (rule.kind === 'fields') fields.push(rule);
    else if (rule.kind === 'items') items.push(rule);
  }
  // What is a multiple of a whole number is whole.
  if (multiples.some((of) => Number.isInteger(of))) types &= ~FRACTION;
  if ((types & NUMBERS) === INTEGER) {
    least.value = wholeBound(least.value, 1);
    most.value = wholeBound(most.value, -1);
  }
  return { types, values, least, most, multiples, patterns, formats, required, isUnique, fields, items };
}

/** Whether every value within `inner` lies within `outer`; `side` is 1 for least and -1 for most. */
export function isBoundWithin(inner: Bound | null, outer: Bound, side: 1 | -1): boolean {
  if (inner === null) return false;
  if (inner.limit === outer.limit) return inner.exclusive || !outer.exclusive;
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number can be equal
  if (inner.limit == outer.limit) return inner.exclusive || !outer.exclusive;
  return side === 1 ? inner.limit > outer.limit : inner.limit < outer.limit;
}

/** Whether nothing lies between two bounds. */
export function isCrossed(least: Bound | null, most: Bound | null): boolean {
  if (least === null || most === null) return false;
  if (least.limit > most.limit) return true;
  return !(least.limit < most.limit) && (least.exclusive || most.exclusive);
}

/** The texts that the rules about texts allow, as far as their patterns are understood. */
export function textsOf({ patterns, least, most }: Facts): Texts {
  return {
    patterns,
    least: least.length === null ? 0 : Math.ceil(Number(least.length.limit)),
    most: most.length === null ? Number.POSITIVE_INFINITY : Math.floor(Number(most.length.limit)),
  };
}

/** The schemas that certainly hold for a field of a name. */
export function fieldNodes(comparison: Comparison, fields: readonly FieldRules[], name: string): SchemaNode[] {
  const nodes: SchemaNode[] = [];
  for (const rules of fields) {
    const named = rules.named.get(name);
    if (named !== undefined) nodes.push(named);
    let isOther = named === undefined;
    for (const [source, node] of rules.patterns) {
      const matches = comparison.matches(source, name);
      if (matches === true) nodes.push(node);
      if (matches !== false) isOther = false;
    }
    if (isOther && rules.rest !== null) nodes.push(rules.rest);
  }
  return nodes;
}

/** The schemas that hold for the item at a place. */
export function itemNodes(items: readonly ItemRules[], place: number): SchemaNode[] {
  return items.flatMap(({ first, rest }) => first[place] ?? (place < first.length ? [] : (rest ?? [])));
}

function tighter(known: Bound | null, rule: Bound, side: 1 | -1): Bound {
  const bound = { limit: rule.limit, exclusive: rule.exclusive };
  return known !== null && isBoundWithin(known, bound, side) ? known : bound;
}

function wholeBound(bound: Bound | null, side: 1 | -1): Bound | null {
  if (bound === null || typeof bound.limit === 'bigint' || !Number.isFinite(bound.limit)) return bound;
  const whole = side === 1 ? Math.ceil(bound.limit) : Math.floor(bound.limit);
  if (whole !== bound.limit || !bound.exclusive) return { limit: whole, exclusive: false };
  // Beyond 2^53 one more may be the same number.
  return Number.isSafeInteger(whole + side) ? { limit: whole + side, exclusive: false } : bound;
}
