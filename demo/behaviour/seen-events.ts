import type { HeardEvent } from '../contracts/heard-event.ts';

/** Remembers which events were handled, so that a copy is handled once. Holds the last `bound` of them. */
export class SeenEvents {
  readonly #keys = new Set<string>();
  readonly #bound: number;

  constructor(bound: number) {
    this.#bound = bound;
  }

  /** True the first time an event is shown. */
  first(heard: HeardEvent): boolean {
    const key = heard.eventId ?? `${heard.type} ${heard.correlationId}`;
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    for (const oldest of this.#keys) {
      if (this.#keys.size <= this.#bound) break;
      this.#keys.delete(oldest);
    }
    return true;
  }
}
