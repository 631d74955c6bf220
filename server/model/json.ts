/**
 * A parsed JSON value. Objects may carry any key a stranger chose, `__proto__` included: read them by `ownValue`.
 * A `bigint` stands where an integer is too large for a number to hold it exactly.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** True for a JSON object; false for arrays, scalars, null and undefined. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value under an object's own key, never one of `Object.prototype`'s; undefined when there is none. */
export function ownValue(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
