/** The requests that wait for their reply. Holds the last `bound` of them; the oldest counts as unanswered. */
export class WaitingReplies {
  readonly #ids = new Set<string>();
  readonly #bound: number;
  #asked = 0;
  #answered = 0;

  constructor(bound: number) {
    this.#bound = bound;
  }

  asked(correlationId: string): void {
    this.#asked++;
    this.#ids.add(correlationId);
    for (const oldest of this.#ids) {
      if (this.#ids.size <= this.#bound) break;
      this.#ids.delete(oldest);
    }
  }

  /** A reply came; a second one to the same request, or one to somebody else's, does not count. */
  replied(correlationId: string): void {
    if (this.#ids.delete(correlationId)) this.#answered++;
  }

  /** Asked, answered and still waiting (at most the bound) since the start. */
  counts(): { readonly asked: number; readonly answered: number; readonly waiting: number } {
    return { asked: this.#asked, answered: this.#answered, waiting: this.#ids.size };
  }
}
