/** One step of a critical path. */
export interface Step {
  /** Place of the event. */
  readonly at: number;
  /** Time since the step before, in the unit of `timeOf`; 0 for the first, negative under clock skew. */
  readonly wait: number;
  /** Its part of the path's time, 0 to 1; a negative wait has none. */
  readonly share: number;
}

export interface CriticalSteps {
  readonly steps: readonly Step[];
  /** Sum of the positive waits. */
  readonly whole: number;
}

/**
 * From an event back by parents as far as they are known.
 *
 *     a ───────> c ──> e      e is the last: its path is a, c, e; what b and d took made nobody wait.
 *       └─> b      └> d
 *
 * A cycle, which only hostile data has, ends where it closes.
 * @param last place of the last event; -1 for none
 * @param parentOf place of an event's parent, or one that is negative
 */
export function criticalSteps(
  last: number,
  parentOf: (at: number) => number,
  timeOf: (at: number) => number,
): CriticalSteps {
  const places = new Set<number>();
  for (let at = last; at >= 0 && !places.has(at); at = parentOf(at)) places.add(at);
  const path = [...places].reverse();
  const waits = path.map((at, step) => (step === 0 ? 0 : timeOf(at) - timeOf(path[step - 1] ?? at)));
  const whole = waits.reduce((sum, wait) => sum + Math.max(0, wait), 0);
  const steps = path.map((at, step) => {
    const wait = waits[step] ?? 0;
    return { at, wait, share: whole === 0 ? 0 : Math.max(0, wait) / whole };
  });
  return { steps, whole };
}
