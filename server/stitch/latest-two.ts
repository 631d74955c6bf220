/** The greatest place, and the greatest whose group is another than that one's: enough to leave any one group out. */
export class LatestTwo {
  readonly #groupOf: (place: number) => number | null;
  #latest = -1;
  #other = -1;

  constructor(groupOf: (place: number) => number | null) {
    this.#groupOf = groupOf;
  }

  get latest(): number {
    return this.#latest;
  }

  /** Places may come in any order, and more than once; -1 is none. */
  put(place: number): void {
    if (place < 0 || place === this.#latest) return;
    const isSameGroup = this.#latest >= 0 && this.#groupOf(place) === this.#groupOf(this.#latest);
    if (place > this.#latest) {
      if (!isSameGroup) this.#other = this.#latest;
      this.#latest = place;
    } else if (!isSameGroup && place > this.#other) this.#other = place;
  }

  putAllOf(more: LatestTwo): void {
    this.put(more.#other);
    this.put(more.#latest);
  }

  /** The greatest place that is not of this group, or -1. */
  outside(group: number | null): number {
    return this.#latest >= 0 && this.#groupOf(this.#latest) === group ? this.#other : this.#latest;
  }
}
