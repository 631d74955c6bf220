import { isJsonObject, type Json } from '../model/json.ts';
import { quoted } from '../model/pointer-text.ts';
import { printValue } from '../model/print-value.ts';
import { FIELD_TYPES, type TypeSet, typeSetOf } from './field-types.ts';
import type { Atom, Measure } from './schema-atom.ts';
import type { Limited } from './schema-change.ts';
import { ALL_TYPES, type Bound, NUMBERS } from './schema-facts.ts';
import { valueKey } from './value-key.ts';

/** Values that a sentence lists, and characters of each. */
export const MOST_LISTED = 5;
const MOST_SHOWN = 40;

/** What a limit is of, and the beginning of a sentence on it. */
export const LIMITED: Readonly<Record<Measure, readonly [Limited, string]>> = {
  value: ['range', 'The range of'],
  length: ['length', 'The length of'],
  items: ['item count', 'The number of items of'],
  fields: ['field count', 'The number of fields of'],
};

/** A place within a sentence. */
export function inside({ path }: { readonly path: string }): string {
  return path === '' ? 'the event' : quoted(path);
}

/** A place at the beginning of a sentence. */
export function opening({ path }: { readonly path: string }): string {
  return path === '' ? 'The event' : quoted(path);
}

/** The types that rules allow by their names. */
export function typesOf(atoms: readonly Atom[]): TypeSet {
  return atoms.reduce(
    (types, { rule }) => (rule.kind === 'types' ? types & rule.types : rule.kind === 'never' ? 0 : types),
    ALL_TYPES,
  );
}

export function typeWords(types: TypeSet): string {
  if (types === ALL_TYPES) return 'any type';
  // A number may be an integer, so the one word says both.
  const named = (types & NUMBERS) === NUMBERS ? types & ~typeSetOf('integer') : types;
  const words = FIELD_TYPES.filter((type) => (named & typeSetOf(type)) !== 0);
  return words.length < 2 ? (words[0] ?? 'nothing') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

export function rangeWords(least: Bound | null, most: Bound | null): string {
  const from = least === null ? null : `${least.exclusive ? 'above' : 'at least'} ${least.limit}`;
  const to = most === null ? null : `${most.exclusive ? 'below' : 'at most'} ${most.limit}`;
  if (from === null || to === null) return from ?? to ?? 'free';
  return `${from} and ${to}`;
}

/** Values that are not among others. */
export function beyond(values: readonly Json[], others: readonly Json[]): readonly Json[] {
  const keys = new Set(others.map(valueKey));
  return values.filter((value) => !keys.has(valueKey(value)));
}

export function listed(values: readonly Json[]): string {
  const shown = values.slice(0, MOST_LISTED).map(shownValue);
  const more = values.length - shown.length;
  if (more > 0) return `${shown.join(', ')} or one of ${more} more`;
  return shown.length < 2 ? (shown[0] ?? 'nothing') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1)}`;
}

function shownValue(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  const { text, truncated } = printValue(value, MOST_SHOWN);
  return truncated && (isJsonObject(value) || Array.isArray(value)) ? `${text}…` : text;
}
