import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after `ms` or when the signal is aborted; never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined);
}

/** Resolves when `done` has ended either way, or after `ms`; does not keep the process alive. */
export async function within(ms: number, done: Promise<unknown>): Promise<void> {
  const settled = done.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([settled, wait(ms, undefined, { ref: false })]);
}

/** Resolves once the signal is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
