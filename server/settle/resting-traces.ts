import { LARGE_TRACE } from '../ports/settle-store.ts';

/** How long a trace rests for each of its events once it was settled: settle reads and stitches all of them again. */
const REST_MS_PER_EVENT = 0.3;
/** Most traces that rest at once: those whose rest would end first are let go. */
const MOST_RESTING = 1_000;

/**
 * Large traces rest after each settle, the longer the larger they are, so that one that never ends (a constant correlation
 * id) takes a share of the machine that does not grow with it. Marks that come meanwhile wait together. Times are in ms of
 * one clock that only goes forward.
 */
export class RestingTraces {
  readonly #until = new Map<string, number>();

  /** A trace of so many events was settled. */
  settled(traceKey: string, events: number, nowMs: number): void {
    if (events < LARGE_TRACE) return;
    this.#until.set(traceKey, nowMs + events * REST_MS_PER_EVENT);
    if (this.#until.size <= MOST_RESTING) return;
    const [first] = [...this.#until].sort(([, a], [, b]) => a - b);
    if (first !== undefined) this.#until.delete(first[0]);
  }

  /** Keys of those that rest. */
  at(nowMs: number): readonly string[] {
    for (const [key, until] of this.#until) if (until <= nowMs) this.#until.delete(key);
    return [...this.#until.keys()];
  }
}
