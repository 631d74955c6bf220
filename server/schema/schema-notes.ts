import type { RE2JS } from 're2js';
import type { Json } from '../model/json.ts';

/** What is known of the hardened schemas of one compilation, by their nodes. */
export interface SchemaNotes {
  /** Where a node stands, as `#/properties/a`; in another document with its address before it. */
  readonly places: WeakMap<object, string>;
  /** Where the `$ref` of a node leads, in the same form. */
  readonly targets: WeakMap<object, string>;
  /** What its author says a value must be, in words. */
  readonly meanings: WeakMap<object, string>;
  /** Values of its keywords with numbers beyond 2^53 as they were written. */
  readonly exact: WeakMap<object, ReadonlyMap<string, Json>>;
  readonly patterns: Map<string, RE2JS>;
  /** Schemas so far, counted over all documents. */
  count: number;
  /** Steps of all patterns so far. */
  patternSteps: number;
  /** The most schemas in one list, or by the names of one object. */
  widest: number;
}

/** No notes yet. */
export function emptyNotes(): SchemaNotes {
  return {
    places: new WeakMap(),
    targets: new WeakMap(),
    meanings: new WeakMap(),
    exact: new WeakMap(),
    patterns: new Map(),
    count: 0,
    patternSteps: 0,
    widest: 0,
  };
}
