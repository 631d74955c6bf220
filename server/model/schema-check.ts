import type { SchemaName, SchemaStatus } from './violation-wire.ts';

/** Codes of `SchemaStatus` as they are stored. */
export const SCHEMA_STATUSES = { unchecked: 0, ok: 1, violation: 2, unknown_reference: 3 } as const satisfies Readonly<
  Record<SchemaStatus, number>
>;

/** The codes of events that are in the violation log. */
export const VIOLATING_CODES: readonly number[] = [SCHEMA_STATUSES.violation, SCHEMA_STATUSES.unknown_reference];

/** The status behind a stored code; throws on one this version does not know. */
export function schemaStatusFromCode(code: number): SchemaStatus {
  const found = (Object.keys(SCHEMA_STATUSES) as SchemaStatus[]).find((status) => SCHEMA_STATUSES[status] === code);
  if (found === undefined) throw new RangeError(`unknown schema status ${code}`);
  return found;
}

/** A version of a schema, told from every other by what it says. One object for each, however many events follow it. */
export interface SchemaIdentity extends SchemaName {
  /** SHA-256 of what it says, as hex digits. */
  readonly contentHash: string;
}

/** One thing that is wrong with an event, with the schema that says so; null for a reference that nobody knows. */
export interface FoundViolation {
  readonly path: string;
  readonly rule: string;
  readonly sentence: string;
  readonly was: string | null;
  readonly nearMiss: string | null;
  readonly schema: SchemaIdentity | null;
}

/** What became of an event when it was held against the schemas in force, as it is stored. */
export interface SchemaCheck {
  readonly status: SchemaStatus;
  /** The one that describes its payload; null where none does. */
  readonly schema: SchemaIdentity | null;
  /** Empty unless it is in the violation log; at most `MOST_FOUND`. */
  readonly errors: readonly FoundViolation[];
  /** False when there may be more errors than these. */
  readonly complete: boolean;
}

/** Errors that are kept of one event. */
export const MOST_FOUND = 20;

/** An event that nothing was decided of. */
export const UNCHECKED: SchemaCheck = { status: 'unchecked', schema: null, errors: [], complete: true };
