import { isJsonObject, type Json } from '../model/json.ts';
import { valueKey } from './value-key.ts';
import { spend, type WorkLimit } from './work-limit.ts';

/** A value as the validator reads it, and what stood there. */
export interface StandIn {
  readonly value: unknown;
  /** Of each list and object that was copied, the one it was copied from. Null when nothing was. */
  readonly originals: ReadonlyMap<unknown, Json> | null;
}

/**
 * The value with every `bigint` as the nearest number, since the validator knows no others. For most rules that is as good:
 * rounding keeps the order, so a bound below 2^53 is kept or missed all the same. The rules for which it is not look the
 * number up again. Values without such numbers are handed back as they are.
 */
export function standInFor(value: Json): StandIn {
  const originals = new Map<unknown, Json>();
  const copied = copyOf(value, originals);
  if (copied === value) return { value, originals: null };
  // Around the root the validator knows nothing, and looks up nothing in it.
  originals.set(undefined, { undefined: value });
  return { value: copied, originals };
}

function copyOf(value: Json, originals: Map<unknown, Json>): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [key, copyOf(child, originals)] as const);
  if (entries.every(([key, child]) => child === (value as { readonly [key: string]: Json })[key])) return value;
  // `fromEntries` makes own properties of every key, `__proto__` too.
  const copy = isJsonObject(value) ? Object.fromEntries(entries) : entries.map(([, child]) => child);
  originals.set(copy, value);
  return copy;
}

/** True when an integer lies in the value that `JSON.parse` may have rounded. */
export function mayBeRounded(value: Json): boolean {
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'number' && Number.isInteger(next) && !Number.isSafeInteger(next)) return true;
    if (typeof next === 'object' && next !== null) for (const child of Object.values(next)) open.push(child);
  }
  return false;
}

/** True when lists and objects lie in each other deeper than `depth`. */
export function isDeeperThan(value: Json, depth: number): boolean {
  let level: Json[] = [value];
  for (let at = 0; level.length > 0; at += 1) {
    if (at > depth) return true;
    const below: Json[] = [];
    for (const one of level) {
      if (typeof one === 'object' && one !== null) for (const child of Object.values(one)) below.push(child);
    }
    level = below;
  }
  return false;
}

/**
 * A text that two values share exactly when they are the same to JSON Schema: the order of keys does not count, nor how a
 * number is written. Its length is paid for.
 */
export function sameText(value: Json, limit: WorkLimit): string {
  const text = valueKey(value);
  spend(limit, text.length);
  return text;
}

interface Decimal {
  readonly digits: bigint;
  /** Digits behind the point; below 0 for zeros before it. */
  readonly scale: number;
}

/** True when `value` is a whole multiple of `divisor`, by their decimal digits: 0.07 is one of 0.01. */
export function isMultipleOf(value: number | bigint, divisor: number | bigint): boolean {
  if (typeof value === 'number' && typeof divisor === 'number') {
    if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
    if (!Number.isFinite(value) || !Number.isFinite(divisor)) return false;
  }
  const [a, b] = [decimalOf(value), decimalOf(divisor)];
  const scale = Math.max(a.scale, b.scale);
  const by = b.digits * 10n ** BigInt(scale - b.scale);
  return by !== 0n && (a.digits * 10n ** BigInt(scale - a.scale)) % by === 0n;
}

/** Of a number the shortest decimal that means it. */
function decimalOf(value: number | bigint): Decimal {
  if (typeof value === 'bigint') return { digits: value, scale: 0 };
  const [mantissa = '0', exponent = '0'] = String(value).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length - Number(exponent) };
}
