import type { Json } from '../model/json.ts';

/** An object being filled. */
export type Draft = { [key: string]: Json };

/** Sets an own field under whatever name a stranger chose: `__proto__` is a name like any other. */
export function setOwn(object: Draft, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
