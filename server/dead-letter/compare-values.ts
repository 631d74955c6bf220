import { isJsonObject, type Json, ownValue } from '../model/json.ts';

/** Where two values differ. Absent on one side is undefined. */
export interface Difference {
  /** JSON pointer. */
  readonly path: string;
  readonly what: 'added' | 'removed' | 'changed';
  readonly was: Json | undefined;
  readonly is: Json | undefined;
}

export interface Differences {
  readonly differences: readonly Difference[];
  /** There are more than are listed, or they lie deeper than is looked. */
  readonly more: boolean;
}

/** Differences of one answer; nesting that is looked into; and pairs of values that are compared. */
const MOST_DIFFERENCES = 50;
const DEEPEST = 100;
const MOST_STEPS = 200_000;

interface Pair {
  readonly path: string;
  readonly depth: number;
  readonly was: Json | undefined;
  readonly is: Json | undefined;
}

/**
 * What changed from the original to the copy, by JSON pointer in the order of the original. The order of keys says nothing, that
 * of lists does. Bounded in every direction, whatever the values.
 */
export function compareValues(was: Json, is: Json): Differences {
  const differences: Difference[] = [];
  const open: Pair[] = [{ path: '', depth: 0, was, is }];
  let steps = 0;
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    steps += 1;
    if (differences.length >= MOST_DIFFERENCES || steps > MOST_STEPS) return { differences, more: true };
    if (isSameScalar(pair.was, pair.is)) continue;
    const inner = pair.depth < DEEPEST ? partsOf(pair) : null;
    if (inner === null) differences.push(differenceOf(pair));
    else for (const part of inner.reverse()) open.push(part);
  }
  return { differences, more: false };
}

/** The pairs of two lists or two objects; null where they are not both one of these. */
function partsOf({ path, depth, was, is }: Pair): Pair[] | null {
  if (Array.isArray(was) && Array.isArray(is)) {
    const length = Math.min(Math.max(was.length, is.length), MOST_STEPS);
    return Array.from({ length }, (_, at) => ({ path: `${path}/${at}`, depth: depth + 1, was: was[at], is: is[at] }));
  }
  if (!isJsonObject(was) || !isJsonObject(is)) return null;
  const keys = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...keys].slice(0, MOST_STEPS).map((key) => ({
    path: `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    depth: depth + 1,
    was: ownValue(was, key),
    is: ownValue(is, key),
  }));
}

function isSameScalar(was: Json | undefined, is: Json | undefined): boolean {
  // `1` read as a number and as a bigint is the same number.
  return was === is || (isNumeric(was) && isNumeric(is) && `${was}` === `${is}`);
}

function isNumeric(value: Json | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function differenceOf({ path, was, is }: Pair): Difference {
  return { path, was, is, what: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed' };
}
