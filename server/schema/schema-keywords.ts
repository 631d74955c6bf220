import type { Limit, Measure } from './schema-atom.ts';

/** Limits, by their keyword. */
export const LIMITS: readonly (readonly [keyword: string, kind: Limit['kind'], of: Measure])[] = [
  ['minimum', 'least', 'value'],
  ['maximum', 'most', 'value'],
  ['minLength', 'least', 'length'],
  ['maxLength', 'most', 'length'],
  ['minItems', 'least', 'items'],
  ['maxItems', 'most', 'items'],
  ['minProperties', 'least', 'fields'],
  ['maxProperties', 'most', 'fields'],
];
/** Rules that are compared as they are written, with what belongs to each. */
export const AS_WRITTEN: readonly (readonly string[])[] = [
  ['contains', 'minContains', 'maxContains'],
  ['dependencies'],
  ['dependentRequired'],
  ['dependentSchemas'],
  ['divisibleBy'],
  ['extends'],
  ['disallow'],
];
/** Rules that depend on all others beside them. */
export const WITH_ALL = ['unevaluatedProperties', 'unevaluatedItems'];
/** Keywords and the first draft that has them: in an older one some validators read them and some do not. */
export const NEWER: readonly (readonly [keyword: string, since: number])[] = [
  ['const', 6],
  ['propertyNames', 6],
  ['contains', 6],
  ['if', 7],
  ['dependentRequired', 2019],
  ['dependentSchemas', 2019],
  ['unevaluatedProperties', 2019],
  ['unevaluatedItems', 2019],
  ['prefixItems', 2020],
];
/** References that depend on who refers. */
export const DYNAMIC = ['$dynamicRef', '$recursiveRef'];
