import type { Pointer } from './pointer-text.ts';

/** A value of the body by which traces are found, e.g. an order's id. */
export interface SearchField {
  /** Lower-case letters, digits and underscores: what one writes before the colon of a search. */
  readonly name: string;
  /** Where it stands; the first that holds a text, a number or a truth value counts. */
  readonly pointers: readonly Pointer[];
  /** The pointers as they were written. */
  readonly texts: readonly string[];
}

/** What the term of a field's value is: no name has an equals sign, so no two fields give the same. */
export function fieldTerm(name: string, value: string): string {
  return `${name}=${value}`;
}
