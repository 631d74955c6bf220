/**
 * Why a record is kept without being part of a trace, or without a readable body. Stored as a small number with the
 * event, so a code is never reused. Undecodable reasons say what failed; the raw bytes are stored all the same.
 */
export const REASONS = {
  uncorrelated: 1,
  'not json': 2,
  'invalid utf-8': 3,
  'json too deep': 4,
  'too large to decode': 5,
  'no value': 6,
  'not an object': 7,
  'empty value': 8,
  /** The value was refused by the database and stored alone, raw bytes only. */
  'poison value': 9,
} as const;

export type Reason = keyof typeof REASONS;

/** Reasons that mean the body could not be read; the rest mean it was read but names no correlation id. */
const UNDECODABLE = new Set<Reason>([
  'not json',
  'invalid utf-8',
  'json too deep',
  'too large to decode',
  'poison value',
]);

/** True for a record whose body could not be decoded; false for one that merely belongs to no trace. */
export function isUndecodable(reason: Reason): boolean {
  return UNDECODABLE.has(reason);
}

const BY_CODE = new Map(Object.entries(REASONS).map(([name, code]) => [code, name as Reason]));

/** The reason behind a stored code. Throws on a code this version does not know: a newer writer is at work. */
export function reasonFromCode(code: number): Reason {
  const reason = BY_CODE.get(code as never);
  if (reason === undefined) throw new RangeError(`unknown reason code ${code}`);
  return reason;
}
