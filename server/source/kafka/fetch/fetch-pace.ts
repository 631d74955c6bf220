/** Small answers come this far apart at the least. */
const SMALL_EVERY_MS = 20;
const SMALL_BYTES = 64 * 1024;

/**
 * How long to rest after an answer, in ms. Each answer becomes a transaction, and at a thousand records a second those
 * took more of the machine than the records did. A record after a pause is still there at once, a backlog comes as fast as
 * it can be read.
 * @param bytes of records in the answer
 * @param tookMs since it was asked for
 */
export function restMs(bytes: number, tookMs: number): number {
  return bytes > 0 && bytes < SMALL_BYTES ? Math.max(0, SMALL_EVERY_MS - tookMs) : 0;
}
