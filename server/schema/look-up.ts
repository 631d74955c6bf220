import { isJsonObject, type Json, ownValue } from '../model/json.ts';

const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/** What the keys of a JSON pointer lead to; undefined where that is nothing. */
export function lookUp(root: Json, keys: readonly string[]): Json | undefined {
  let value: Json | undefined = root;
  for (const key of keys) {
    if (isJsonObject(value)) value = ownValue(value, key);
    else if (Array.isArray(value) && INDEX.test(key)) value = (value as readonly Json[])[Number(key)];
    else return undefined;
  }
  return value;
}
