import type { Clock } from '../../ports/clock.ts';

const SHARED_MS = 1000;

/** Shares one reading between all who ask within a second; one that failed is not kept. */
export function shareForASecond<T>(clock: Clock, read: () => Promise<T>): () => Promise<T> {
  let shared: { readonly at: number; readonly reading: Promise<T> } | null = null;
  return () => {
    const now = clock.now();
    if (shared === null || now - shared.at > SHARED_MS || now < shared.at) {
      const reading = read();
      shared = { at: now, reading };
      reading.catch(() => {
        if (shared?.reading === reading) shared = null;
      });
    }
    return shared.reading;
  };
}
