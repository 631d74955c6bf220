import { isJsonObject, type Json } from '../model/json.ts';

/** True when an integer beyond 2^53 lies in the value. */
export function hasLargeNumber(value: Json): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasLargeNumber);
}

/** A copy with integers beyond 2^53 as the nearest numbers. */
export function plainCopy(value: Json): Json {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (!isJsonObject(value)) return value.map(plainCopy);
  const copy: { [key: string]: Json } = {};
  for (const [key, child] of Object.entries(value)) {
    Object.defineProperty(copy, key, { value: plainCopy(child), writable: true, enumerable: true, configurable: true });
  }
  return copy;
}
