import type { Resolution } from '../model/event.ts';

/** The resolutions that a dialect answered so far, by the number of the rules that found something. */
export class KnownResolutions {
  readonly #known = new Map<number, Resolution>();
  #lastCode = -1;
  #last: Resolution | undefined;

  get size(): number {
    return this.#known.size;
  }

  get(code: number): Resolution | undefined {
    // One producer writes one way: most records ask for what the record before asked for.
    if (code === this.#lastCode) return this.#last;
    this.#last = this.#known.get(code);
    this.#lastCode = code;
    return this.#last;
  }

  add(code: number, resolution: Resolution): void {
    this.#known.set(code, resolution);
    this.#lastCode = code;
    this.#last = resolution;
  }
}
