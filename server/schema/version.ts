import type { Json } from '../model/json.ts';
import { isJsonObject, ownValue } from '../model/json.ts';
import { remembered } from '../model/remembered.ts';

/** Numbers of a version from the first on, as many as are stated: `1.2` is `[1, 2]`. Never empty. */
export type Version = readonly number[];

/** The longest text that is a version, so that no longer one is remembered. */
const LONGEST = 1 + 3 * 6 + 2 + 1 + 100;

const VERSION = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?(?:[-+].{0,100})?$/i;

/** Versions that are remembered by their text: nearly every event names one of a few. */
const MOST_REMEMBERED = 1_000;

const versionOfText = remembered((text: string): Version | null => {
  const found = VERSION.exec(text);
  return found === null ? null : found.slice(1).flatMap((part) => (part === undefined ? [] : [Number(part)]));
}, MOST_REMEMBERED);

/** A version as a text (`1.0.0`, `v1`, `1.2`), a whole number, or an object `{major, minor, patch}`; null for all else. */
export function readVersion(value: Json | undefined): Version | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? [value] : null;
  if (typeof value === 'string') return value.length > LONGEST ? null : versionOfText(value);
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
