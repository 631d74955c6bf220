import type { TimestampType } from '../model/record.ts';
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

/** Stored as 1 and 2. */
export function timestampTypeFromCode(code: number): TimestampType {
  return code === 1 ? 'CreateTime' : 'LogAppendTime';
}
