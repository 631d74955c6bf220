import type { Micros } from '../../../model/time.ts';
import type { SeriesSum, SumBucket } from './read-sums.ts';

/** The buckets of a range that do not change any more, and those after them. */
export interface SplitBuckets {
  readonly still: readonly SumBucket[];
  readonly rest: readonly SumBucket[];
}

/** The leading buckets that are still. `isPointBegin`: only before a bucket that begins a point is cut. */
export function splitBuckets(
  buckets: readonly SumBucket[],
  isPointBegin: (at: Micros) => boolean = () => true,
): SplitBuckets {
  let end = buckets.findIndex(({ isStill }) => !isStill);
  if (end < 0) end = buckets.length;
  while (end > 0) {
    const next = buckets[end];
    if (next === undefined || isPointBegin(next.at)) break;
    end -= 1;
  }
  return { still: buckets.slice(0, end), rest: buckets.slice(end) };
}

/** Most questions of which something is remembered; those asked longest ago leave first. */
const MOST_QUESTIONS = 8;

/**
 * What was made of still buckets. As long as their sums are the very same lists, it is made once: an answer over a day then
 * adds up only the hour that is open.
 */
export class StillSums<T> {
  readonly #made = new Map<string, { readonly lists: readonly (readonly SeriesSum[])[]; readonly value: T }>();

  of(question: string, still: readonly SumBucket[], make: () => T): T {
    const lists = still.flatMap(({ parts }) => parts);
    const known = this.#made.get(question);
    this.#made.delete(question);
    const isSame = known?.lists.length === lists.length && lists.every((list, place) => known.lists[place] === list);
    const made = known !== undefined && isSame ? known : { lists, value: make() };
    this.#made.set(question, made);
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= MOST_QUESTIONS) break;
      this.#made.delete(oldest);
    }
    return made.value;
  }
}
