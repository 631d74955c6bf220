import { isJsonObject, type Json, type JsonObject, ownValue } from '../model/json.ts';
import type { PointerSegment } from '../model/pointer-text.ts';

/** Objects with more keys are asked for the known ones, instead of being gone through. */
const MOST_KEYS = 256;
/** How many own keys an ending (`*_data`) is compared with. */
const MOST_COMPARED = 64;

/** A pointer, ready to be followed: its segments, and the place of the first among the known keys (−1 for an ending). */
export interface BodyPointer {
  readonly slot: number;
  readonly segments: readonly PointerSegment[];
}

/**
 * The values under the keys that rules ask for, of one body at a time. One pass over the body's own keys answers every
 * rule and condition about a top-level key, of all dialects, by a place in an array.
 */
export class BodySlots {
  object: JsonObject | null = null;
  readonly #slots = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #values: (Json | undefined)[] = [];
  readonly #filled: number[] = [];
  #fillings = 0;

  /** The place of a key; made when it is new. */
  slotOf(key: string): number {
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    this.#slots.set(key, this.#names.length);
    this.#values.push(undefined);
    return this.#names.push(key) - 1;
  }

  load(object: JsonObject | null): void {
    for (let place = 0; place < this.#fillings; place += 1) this.#values[this.#filled[place] ?? 0] = undefined;
    this.#fillings = 0;
    this.object = object;
    if (object === null) return;
    // A key of a prototype is no key of the body; parsed JSON has none to look out for.
    const isPlain = Object.getPrototypeOf(object) === Object.prototype;
    let seen = 0;
    for (const key in object) {
      seen += 1;
      if (seen > MOST_KEYS) {
        this.#askForAll(object);
        return;
      }
      const slot = this.#slots.get(key);
      if (slot !== undefined && (isPlain || Object.hasOwn(object, key))) this.#fill(slot, object[key]);
    }
  }

  #askForAll(object: JsonObject): void {
    for (const [slot, key] of this.#names.entries()) this.#fill(slot, ownValue(object, key));
  }

  #fill(slot: number, value: Json | undefined): void {
    this.#values[slot] = value;
    this.#filled[this.#fillings] = slot;
    this.#fillings += 1;
  }

  /** True when the body has no key of this place. */
  lacks(slot: number): boolean {
    return this.#values[slot] === undefined;
  }

  /** What stands at a pointer; undefined for nothing. */
  at({ slot, segments }: BodyPointer): Json | undefined {
    if (slot < 0) return this.object === null ? undefined : follow(this.object, segments);
    const first = this.#values[slot];
    return segments.length === 1 || first === undefined ? first : follow(first, segments, 1);
  }
}

/** What stands at the end of these segments, from the given one on; undefined for nothing. */
export function follow(value: Json, segments: readonly PointerSegment[], from = 0): Json | undefined {
  let here: Json | undefined = value;
  for (let place = from; place < segments.length; place += 1) {
    const segment = segments[place];
    if (here === undefined || segment === undefined) return undefined;
    if (segment.kind === 'ending')
      return isJsonObject(here) ? underEnding(here, segment.ending, segments, place) : undefined;
    here = stepInto(here, segment.key);
  }
  return here;
}

const PLACE = /^(0|[1-9]\d{0,8})$/;

function stepInto(value: Json, key: string): Json | undefined {
  if (isJsonObject(value)) return ownValue(value, key);
  return Array.isArray(value) && PLACE.test(key) ? (value[Number(key)] as Json | undefined) : undefined;
}

/**
 * The rest of the pointer is followed under each key with the ending: the first value that is no null counts, a null
 * where there is nothing else.
 */
function underEnding(
  object: JsonObject,
  ending: string,
  segments: readonly PointerSegment[],
  place: number,
): Json | undefined {
  let compared = 0;
  let found: Json | undefined;
  for (const key in object) {
    if (key.endsWith(ending)) {
      const under = ownValue(object, key);
      const value = under === undefined ? undefined : follow(under, segments, place + 1);
      if (value !== undefined && value !== null) return value;
      found ??= value;
    }
    compared += 1;
    if (compared >= MOST_COMPARED) break;
  }
  return found;
}
