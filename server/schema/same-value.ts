import { isJsonObject, type Json, ownValue } from '../model/json.ts';
import type { SchemaDocument } from './compared-document.ts';
import type { Budget } from './pattern-language.ts';
import { valueKey } from './value-key.ts';

/** Words about a schema that change nothing of what is valid, where they are texts. */
const NOTES = new Set(['title', 'description', '$comment']);

const DATA = ['const', 'enum'];

/** A part of a document. */
export interface Part {
  readonly value: Json;
  readonly document: SchemaDocument;
}

/**
 * True only when two parts say the same as schemas: the same words, of the same draft, and all that they refer to the
 * same too. A reference that comes back to where it began is the same if all else is.
 */
export function isSame(a: Part, b: Part, budget: Budget): boolean {
  if (a.document.draft !== b.document.draft) return false;
  return isSamePart(a, b, budget, new Set(), 0);
}

/** How deep references are followed. */
const MOST_DEPTH = 200;

function isSamePart(a: Part, b: Part, budget: Budget, open: Set<string>, depth: number): boolean {
  budget.left -= 1;
  if (budget.left < 0 || depth > MOST_DEPTH) return false;
  const [one, two] = [a.value, b.value];
  if (typeof one !== 'object' || one === null || typeof two !== 'object' || two === null) {
    return (typeof two !== 'object' || two === null) && valueKey(one) === valueKey(two);
  }
  const inside = (first: Json | undefined, second: Json | undefined) =>
    first !== undefined &&
    second !== undefined &&
    isSamePart({ ...a, value: first }, { ...b, value: second }, budget, open, depth + 1);
  if (!isJsonObject(one) || !isJsonObject(two)) {
    if (isJsonObject(one) || isJsonObject(two) || one.length !== two.length) return false;
    return one.every((item, place) => inside(item, two[place]));
  }
  if (Object.keys(one).some((key) => key.startsWith('$dynamic') || key.startsWith('$recursive'))) return false;
  const [keys, others] = [one, two].map((object) => Object.keys(object).filter((key) => !isNote(object[key], key)));
  if (keys === undefined || others === undefined || keys.length !== others.length) return false;
  if (!keys.every((key) => inside(ownValue(one, key), ownValue(two, key)))) return false;
  // What may be data has no notes in it.
  if (!DATA.every((key) => valueKey(ownValue(one, key) ?? null) === valueKey(ownValue(two, key) ?? null))) return false;
  const reference = ownValue(one, '$ref');
  if (typeof reference !== 'string' || open.has(reference)) return true;
  open.add(reference);
  return inside(a.document.resolve(reference), b.document.resolve(reference));
}

function isNote(value: Json | undefined, key: string): boolean {
  return typeof value === 'string' && NOTES.has(key);
}
