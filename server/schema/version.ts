import type { Json } from '../model/json.ts';
import { isJsonObject, ownValue } from '../model/json.ts';

/** Numbers of a version from the first on, as many as are stated: `1.2` is `[1, 2]`. Never empty. */
export type Version = readonly number[];

const VERSION = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?:[-+].{0,100})?$/i;

/** A version as a text (`1.0.0`, `v1`, `1.2`), a whole number, or an object `{major, minor, patch}`; null for all else. */
export function readVersion(value: Json | undefined): Version | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? [value] : null;
  if (typeof value === 'string') {
    const found = VERSION.exec(value);
    return found === null ? null : found.slice(1).flatMap((part) => (part === undefined ? [] : [Number(part)]));
  }
  if (!isJsonObject(value)) return null;
  const stated: number[] = [];
  for (const name of ['major', 'minor', 'patch']) {
    const part = ownValue(value, name);
    if (typeof part !== 'number' || !Number.isSafeInteger(part) || part < 0) break;
    stated.push(part);
  }
  return stated.length === 0 ? null : stated;
}

/** Below 0 when `a` is older than `b`; a number that is not stated counts as 0. */
export function compareVersions(a: Version, b: Version): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True when every number that `stated` names is that of `version`. */
export function fitsVersion(version: Version, stated: Version): boolean {
  return stated.every((part, at) => (version[at] ?? 0) === part);
}
