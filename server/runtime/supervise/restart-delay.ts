const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const HEALTHY_MS = 60_000;

/** What a restart needs to know of the runs before. */
export interface RestartState {
  readonly failures: number;
}

/**
 * How long to wait before the next start: half a second, doubled with each failure in a row, at most 30 s. A run of a
 * minute ends the row.
 */
export function restartDelay(
  state: RestartState,
  ranForMs: number,
): { readonly delayMs: number; readonly state: RestartState } {
  const failures = ranForMs >= HEALTHY_MS ? 0 : state.failures;
  return { delayMs: Math.min(FIRST_MS * 2 ** failures, LONGEST_MS), state: { failures: Math.min(failures + 1, 10) } };
}
