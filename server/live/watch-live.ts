import type { LiveItem } from './client-queue.ts';
import type { LiveClient } from './create-live-hub.ts';

/** A comment goes out after this long without a frame, so that proxies and clients know the stream is alive. */
const KEEP_ALIVE_MS = 15_000;

/**
 * One client's stream: its frames as they come, `keep-alive` when none came for long. Ends when `signal` aborts or the hub
 * closes, and lets the client go.
 */
export async function* watchLive(
  client: LiveClient,
  signal: AbortSignal,
): AsyncGenerator<LiveItem | 'keep-alive', void> {
  const leave = (): void => client.close();
  signal.addEventListener('abort', leave, { once: true });
  try {
    while (!signal.aborted) {
      const items = await client.take(KEEP_ALIVE_MS);
      if (items === null) return;
      if (items.length === 0) yield 'keep-alive';
      else yield* items;
    }
  } finally {
    signal.removeEventListener('abort', leave);
    client.close();
  }
}
