import { setTimeout as wait } from 'node:timers/promises';

/** A task that runs again and again until it is stopped. */
export interface Repeating {
  /** Ends after the run in hand. */
  stop(): Promise<void>;
}

/**
 * Runs `task` now and then `everyMs` after each run ended, so runs never overlap. A failed run is told to `onFailure` and
 * the next one comes in its turn: only for tasks whose every run stands on its own.
 */
export function repeat(task: () => Promise<void>, everyMs: number, onFailure: (error: unknown) => void): Repeating {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await task().catch(onFailure);
      await wait(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
