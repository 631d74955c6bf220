import { isJsonObject, type Json } from '../model/json.ts';
import { BrokenSchemaError } from './broken-schema-error.ts';

/** What the validator does not follow right for each keyword: it would answer `ok` for what is wrong, or the reverse. */
const NOT_WITH: Readonly<Record<string, readonly string[]>> = {
  unevaluatedItems: ['anyOf', 'oneOf', 'if', 'dependentSchemas', 'contains'],
  unevaluatedProperties: ['if'],
};

/**
 * Throws `BrokenSchemaError` for a file that asks what other keywords have not looked at, in a combination that the
 * validator gets wrong. No answer is better than a false one.
 */
export function refuseUnsoundEvaluation(root: Json): void {
  const keys = keysOf(root, new Set());
  for (const [keyword, others] of Object.entries(NOT_WITH)) {
    const other = keys.has(keyword) ? others.find((key) => keys.has(key)) : undefined;
    if (other !== undefined)
      throw new BrokenSchemaError('', `${keyword} cannot be checked in a file that has “${other}”`);
  }
}

function keysOf(value: Json, keys: Set<string>): Set<string> {
  if (typeof value !== 'object' || value === null) return keys;
  if (isJsonObject(value)) for (const key of Object.keys(value)) keys.add(key);
  for (const child of Object.values(value)) keysOf(child, keys);
  return keys;
}
