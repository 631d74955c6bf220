/** What one of many processes does for all of them, step by step; the others wait for its place. */
export interface Leading {
  /** One step, or the question whether this process may lead. Answers how long to rest after it, in ms. */
  step(stopping: AbortSignal): Promise<number>;
  /** A step has failed: whatever was known by leading is not known any more. */
  failed(error: unknown, stopping: AbortSignal): void;
  /** How long to rest after the first failure in a row, the second and so on, in ms; the last one holds from then on. */
  readonly retryMs: readonly number[];
  /** Lets go of what a step may be waiting for: when it is to stop, and again once the step in hand has ended. */
  interrupt(): void;
  /** Lets another process lead. */
  release(): Promise<void>;
}
