import type { TimestampType } from '../model/record.ts';
import { VIOLATING_CODES } from '../model/schema-check.ts';
import { ID_KINDS, type IdKind } from '../model/trace-key.ts';

/** The bits of `flags` by a table such as `HOP_FLAGS`. */
export function bitsOf<F extends string>(table: Readonly<Record<F, number>>, flags: readonly F[]): number {
  return flags.reduce((bits, flag) => bits | table[flag], 0);
}

/** The id kind behind a stored code; throws on one this version does not know. */
export function idKindFromCode(code: number): IdKind {
  if (code === ID_KINDS.correlation) return 'correlation';
  if (code === ID_KINDS.trace) return 'trace';
  if (code === ID_KINDS.record) return 'record';
  throw new RangeError(`unknown id kind ${code}`);
}

/**
 * Bits of an event row's `flags` above those of `EVENT_FLAGS`. The codes of the id kind and of what its schemas say stand
 * from `idKind` and `schemaStatus` on, two bits each.
 */
export const ROW_BITS = { brokersClock: 256, causationIsCorrelation: 512, idKind: 1024, schemaStatus: 4096 } as const;

/** The id kind of an event row. */
export function idKindOf(rowFlags: number): IdKind {
  return idKindFromCode((rowFlags / ROW_BITS.idKind) & 3);
}

/** What its schemas say of an event row, as its code. */
export function schemaCodeOf(rowFlags: number): number {
  return (rowFlags / ROW_BITS.schemaStatus) & 3;
}

/** True for an event row that is in the violation log. */
export function isViolatingRow(rowFlags: number): boolean {
  return VIOLATING_CODES.includes(schemaCodeOf(rowFlags));
}

/** Which clock stamped the record of an event row. */
export function timestampTypeOf(rowFlags: number): TimestampType {
  return (rowFlags & ROW_BITS.brokersClock) === 0 ? 'CreateTime' : 'LogAppendTime';
}

/** True when the event row says that its causation id is its correlation id. */
export function causationIsCorrelation(rowFlags: number): boolean {
  return (rowFlags & ROW_BITS.causationIsCorrelation) !== 0;
}

/**
 * Whether the original of a dead letter is found. `waiting`: its place is not read yet. `unknown topic`: no topic of that name
 * was ever seen; it may be yet.
 */
export const ORIGINAL_STATES = { 'not named': 0, waiting: 1, stored: 2, 'not stored': 3, 'unknown topic': 4 } as const;

/** The state behind a stored code; throws on one this version does not know. */
export function originalStateFromCode(code: number): keyof typeof ORIGINAL_STATES {
  const names = Object.keys(ORIGINAL_STATES) as (keyof typeof ORIGINAL_STATES)[];
  const name = names.find((each) => ORIGINAL_STATES[each] === code);
  if (name === undefined) throw new RangeError(`unknown state of an original ${code}`);
  return name;
}
