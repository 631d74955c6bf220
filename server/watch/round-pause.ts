/** A small cluster is looked at this often … */
const PAUSE_LEAST_MS = 2_000;
/** … and the largest at least this often. */
const PAUSE_MOST_MS = 30_000;
/** A round takes at most this part of the time. */
const SHARE_OF_TIME = 0.05;
/** Rows of history that committed offsets make a second, while the longest pause allows it. */
const ROWS_PER_S = 50;

/** How long to rest after a round that took `tookMs` and found `changes` committed offsets to be different. */
export function roundPause(tookMs: number, changes: number): number {
  const wanted = Math.max(tookMs * (1 / SHARE_OF_TIME - 1), (changes / ROWS_PER_S) * 1000);
  return Math.round(Math.min(PAUSE_MOST_MS, Math.max(PAUSE_LEAST_MS, wanted)));
}
