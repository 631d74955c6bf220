import { setTimeout as wait } from 'node:timers/promises';
import type { Leading } from '../ports/leading.ts';

/** A loop of steps, each after the one before has ended and rested. */
export interface Leader {
  start(): void;
  /** Ends after the step in hand; another process may lead then. */
  stop(): Promise<void>;
}

/** Takes step after step. One that fails gives up the lead, and is tried again after a rest that grows. */
export function lead(leading: Leading): Leader {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void> = Promise.resolve();

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      let restMs: number;
      try {
        restMs = await leading.step(signal);
        failures = 0;
      } catch (error) {
        restMs = leading.retryMs[Math.min(failures, leading.retryMs.length - 1)] ?? 0;
        failures += 1;
        leading.failed(error, signal);
        await leading.release();
      }
      await wait(restMs, undefined, { signal }).catch(() => undefined);
    }
  };

  return {
    start() {
      running = run();
    },
    async stop() {
      stopping.abort();
      leading.interrupt();
      await running;
      leading.interrupt();
      await leading.release();
    },
  };
}
