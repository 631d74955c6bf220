/** What a check may still spend. One unit is some 5 to 20 ns of work. */
export interface WorkLimit {
  left: number;
}

/** Thrown by a check that has spent its work, and caught where checks are run: nothing outside sees it. */
export class OutOfWorkError extends Error {
  readonly code = 'out_of_work';
}

/** The one error of its kind: making one takes longer than what it stops. */
export const OUT_OF_WORK = new OutOfWorkError('the check took more work than a value of this size may');

/** Takes `units` from the limit. Throws `OutOfWorkError` when that was too much. */
export function spend(limit: WorkLimit, units: number): void {
  limit.left -= units;
  if (limit.left < 0) throw OUT_OF_WORK;
}
