/** A value that no column of the store can hold; thrown before anything is sent. */
export class UnstorableValueError extends Error {
  readonly code = 'unstorable_value';
}

/** SQLSTATE of an error raised by PostgreSQL, else null (socket errors carry codes such as `ECONNRESET`). */
function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/**
 * True when the data itself was refused: class 22 (data exception), class 54 (program limit exceeded), or our own
 * encoder. Everything else, a lost connection above all, says nothing about the data.
 */
export function isDataError(error: unknown): boolean {
  if (error instanceof UnstorableValueError) return true;
  const state = sqlState(error);
  return state !== null && (state.startsWith('22') || state.startsWith('54'));
}

/** True when PostgreSQL found its own files damaged: a block, a TOAST chunk or an index. */
export function isStorageDamage(error: unknown): boolean {
  const state = sqlState(error);
  return state === 'XX001' || state === 'XX002';
}

/** True when another transaction changed first what this one, which sees one instant, wanted to change. */
export function isOvertaken(error: unknown): boolean {
  return sqlState(error) === '40001';
}

/** True when a statement gave up waiting for others: a lock in time, or the whole statement. */
export function isHeld(error: unknown): boolean {
  const state = sqlState(error);
  return state === '55P03' || state === '57014';
}
