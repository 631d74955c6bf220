import type { Reason } from '../model/reason.ts';

/** The bytes do not fit what they are read by. Thrown inside `decode` alone, and caught there: nothing outside sees it. */
export class MismatchError extends Error {
  readonly code = 'mismatch';
  readonly reason: Reason;

  constructor(message: string, reason: Reason = 'schema mismatch') {
    super(message);
    this.reason = reason;
  }
}

/** A schema that is not understood, or beyond our limits. Thrown inside `decode` alone, and caught there. */
export class UnusableSchemaError extends Error {
  readonly code = 'unusable_schema';
}
