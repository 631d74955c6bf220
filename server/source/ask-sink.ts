import { setTimeout as wait } from 'node:timers/promises';

const RETRY_FIRST_MS = 500;
const RETRY_LAST_MS = 10_000;

/** The asking was called off before the sink answered. Nothing was stored that the sink did not confirm. */
export class CalledOffError extends Error {
  readonly code = 'called_off';
}

/**
 * Asks the sink until it answers. A sink that throws is away (its database is); it is asked again after 0.5 s, 1 s … 10
 * s, so nothing is lost and nothing is skipped. Throws `CalledOffError` once `signal` is aborted.
 */
export async function askSink<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_LAST_MS)) {
    if (signal.aborted) throw new CalledOffError();
    try {
      return await ask();
    } catch {
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
