import { FIELD_TYPES, type TypeSet } from './field-types.ts';
import type { EventFields } from './fields-of.ts';

/** In how many events a field was, and in how many with each type, in the order of `FIELD_TYPES`. */
export interface FieldCount {
  readonly present: number;
  readonly types: readonly number[];
}

/** The fields of all events of one type in a stretch of time. */
export interface FieldSummary {
  readonly events: number;
  /** Events that were not looked at whole: a field that is not counted for them may have been there. */
  readonly cutEvents: number;
  /** Values that were not looked at. */
  readonly beyond: number;
  /** By path. When `full`, nothing is known of paths that come after the last of these (`comparePaths`). */
  readonly fields: ReadonlyMap<string, FieldCount>;
  readonly full: boolean;
}

/** A summary that is being counted. */
export interface FieldTally {
  events: number;
  cutEvents: number;
  beyond: number;
  readonly fields: Map<string, { present: number; readonly types: number[] }>;
  full: boolean;
}

/** Paths one summary holds: the first ones, shallow before deep. */
export const MOST_SUMMARY_PATHS = 1_000;
/** A tally drops what is too much only when so many more have come, so that a drop pays for the sorting. */
const SLACK = 200;

/** The summary of no events. */
export function newTally(): FieldTally {
  return { events: 0, cutEvents: 0, beyond: 0, fields: new Map(), full: false };
}

/** Counts one event. Cheap: for the hot path, where a tally lives as long as its stretch of time. */
export function countFields(tally: FieldTally, { types, beyond }: EventFields): void {
  tally.events += 1;
  tally.beyond += beyond;
  if (beyond > 0) tally.cutEvents += 1;
  for (const [path, set] of types) {
    let count = tally.fields.get(path);
    if (count === undefined) {
      count = { present: 0, types: FIELD_TYPES.map(() => 0) };
      tally.fields.set(path, count);
    }
    count.present += 1;
    countTypes(count.types, set);
  }
  if (tally.fields.size > MOST_SUMMARY_PATHS + SLACK) dropLast(tally);
}

/** What was counted so far, within its bound and apart from the tally. */
export function summaryOf(tally: FieldTally): FieldSummary {
  return mergeFields(tally, newTally());
}

/**
 * The summary of the events of both. In any order and grouping the same: of all paths the first are kept, and one that is
 * among the first of all was among the first of each part, so no count of it is ever lost.
 */
export function mergeFields(a: FieldSummary, b: FieldSummary): FieldSummary {
  const merged: FieldTally = {
    events: a.events + b.events,
    cutEvents: a.cutEvents + b.cutEvents,
    beyond: a.beyond + b.beyond,
    fields: new Map(),
    full: a.full || b.full,
  };
  for (const { fields } of [a, b]) {
    for (const [path, count] of fields) {
      const sum = merged.fields.get(path);
      if (sum === undefined) merged.fields.set(path, { present: count.present, types: [...count.types] });
      else {
        sum.present += count.present;
        for (let type = 0; type < sum.types.length; type += 1)
          sum.types[type] = add(sum.types[type], count.types[type]);
      }
    }
  }
  dropLast(merged);
  return merged;
}

/** The order in which paths are kept: shallow before deep, then by their text. */
export function comparePaths(a: string, b: string): number {
  return depthOf(a) - depthOf(b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** The last path of a summary; null when it has none. */
export function lastPath({ fields }: FieldSummary): string | null {
  let last: string | null = null;
  for (const path of fields.keys()) if (last === null || comparePaths(last, path) < 0) last = path;
  return last;
}

function dropLast(tally: FieldTally): void {
  if (tally.fields.size <= MOST_SUMMARY_PATHS) return;
  tally.full = true;
  const paths = [...tally.fields.keys()].sort(comparePaths);
  for (const path of paths.slice(MOST_SUMMARY_PATHS)) tally.fields.delete(path);
}

function countTypes(counts: number[], set: TypeSet): void {
  // One bit at a time, since nearly every field of an event has one type.
  for (let left = set; left !== 0; left &= left - 1) {
    const type = 31 - Math.clz32(left & -left);
    counts[type] = add(counts[type], 1);
  }
}

function add(a: number | undefined, b: number | undefined): number {
  return (a ?? 0) + (b ?? 0);
}

function depthOf(path: string): number {
  let depth = 0;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) depth += 1;
  return depth;
}
