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
  /** UTF-8 text that is no JSON and does not look like it. */
  'plain text': 10,
  /** Bytes in no format we know, and no schema id in front of them. */
  binary: 11,
  /** The registry says that it has no schema of this id. */
  'unknown schema': 12,
  /** The registry could not be asked when the record came; it is read again when it can. */
  'registry unreachable': 13,
  /** No registry is configured, and the value begins like one with a schema id. */
  'no registry': 14,
  /** The registry's schema cannot be used: not understood, too large, or of a kind we do not read. */
  'unusable schema': 15,
  /** The bytes do not fit their schema. */
  'schema mismatch': 16,
  /** A Protobuf record names a message that its schema does not have. */
  'no such message': 17,
  /** Spans, metrics or logs of a tracing system: an event of its own kind, in no trace. */
  telemetry: 18,
} as const;

export type Reason = keyof typeof REASONS;

/** Reasons that mean the body could not be read; the rest mean it was read but names no correlation id. */
const UNDECODABLE = new Set<Reason>([
  'not json',
  'invalid utf-8',
  'json too deep',
  'too large to decode',
  'poison value',
  'binary',
  'unknown schema',
  'registry unreachable',
  'no registry',
  'unusable schema',
  'schema mismatch',
  'no such message',
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
