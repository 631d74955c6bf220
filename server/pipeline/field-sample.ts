import type { SampledFields } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import { lastSegment, parentPath } from '../schema/field-path.ts';
import { MOST_SUMMARY_PATHS } from '../schema/field-summary.ts';
import { fieldsOf, MOST_NAMES } from '../schema/fields-of.ts';
import { foldPath } from '../schema/fold-maps.ts';

/** Who sends what: events of one type and service. */
export interface SampledKind {
  readonly eventType: string;
  readonly service: string | null;
}

/** The fields of an event that is in the sample; null for all others. */
export type SampleFields = (kind: SampledKind, body: Json) => SampledFields | null;

/** Nothing is in the sample. */
export const NO_SAMPLE: SampleFields = () => null;

const HOUR_MS = 3_600_000;
/** Events of a kind that are all in the sample of an hour. */
const ALL_OF = 40;
/** Kinds and paths that are known at once: strangers may name new ones without end. About 10 MB. */
const MOST_KINDS = 2_000;
const MOST_PATHS = 50_000;
/** A type may be a megabyte long: such a text is no key. */
const LONGEST_KEY = 1_000;

/** What is known of a kind in this hour. */
interface Known {
  seen: number;
  readonly paths: Set<string>;
  /** How many names stand under a path. */
  readonly names: Map<string, number>;
  /** Objects that have shown too many names: their keys are data. */
  readonly maps: Set<string>;
}

/**
 * Chooses the events that drift is learned from, and says what they carry. Of each type and service the first forty of
 * an hour, then twenty for each doubling: an hour of a million events has about 330, so that a busy kind costs nothing and a
 * rare one is seen whole. `now` is in milliseconds.
 *
 * What one kind may hold is bounded; a path that is one too many is counted as not looked at, and the event as cut, so
 * that nothing is claimed of it. Kinds beyond the bound have no sample in that hour.
 */
export function createFieldSample(now: () => number): SampleFields {
  let hour = Number.NaN;
  let paths = 0;
  const kinds = new Map<string, Known>();

  const knownOf = ({ eventType, service }: SampledKind): Known | null => {
    const current = Math.floor(now() / HOUR_MS);
    if (current !== hour) {
      hour = current;
      paths = 0;
      kinds.clear();
    }
    if (eventType.length + (service?.length ?? 0) > LONGEST_KEY) return null;
    const key = `${service?.length ?? ''} ${service ?? ''}${eventType}`;
    const found = kinds.get(key);
    if (found !== undefined || kinds.size === MOST_KINDS) return found ?? null;
    const made: Known = { seen: 0, paths: new Set(), names: new Map(), maps: new Set() };
    kinds.set(key, made);
    return made;
  };

  /** False for a path that is one too many. */
  const admit = (known: Known, path: string): boolean => {
    if (known.paths.has(path)) return true;
    if (known.paths.size === MOST_SUMMARY_PATHS || paths === MOST_PATHS) return false;
    known.paths.add(path);
    paths += 1;
    const parent = parentPath(path);
    if (parent === null || lastSegment(path).startsWith('*')) return true;
    const names = (known.names.get(parent) ?? 0) + 1;
    known.names.set(parent, names);
    if (names > MOST_NAMES) known.maps.add(parent);
    return true;
  };

  return (kind, body) => {
    const known = knownOf(kind);
    if (known === null) return null;
    known.seen += 1;
    if (!isTaken(known.seen)) return null;
    const { types, beyond } = fieldsOf(body);
    const kept = new Map<string, number>();
    let left = beyond;
    for (const [whole, set] of types) {
      const path = foldPath(whole, known.maps);
      if (admit(known, path)) kept.set(path, (kept.get(path) ?? 0) | set);
      else left += 1;
    }
    return { types: kept, cut: left > 0 };
  };
}

/** Whether the n-th event of an hour, from 1, is in the sample. */
function isTaken(n: number): boolean {
  if (n <= ALL_OF) return true;
  const doublings = 31 - Math.clz32(Math.floor(n / ALL_OF));
  return n % (2 << doublings) === 0;
}
