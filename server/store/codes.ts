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

/** Bits of an event row's `flags` above those of `EVENT_FLAGS`; the id kind's code stands from `idKind` on, alone. */
export const ROW_BITS = { brokersClock: 256, causationIsCorrelation: 512, idKind: 1024 } as const;

/** Which clock stamped the record of an event row. */
export function timestampTypeOf(rowFlags: number): TimestampType {
  return (rowFlags & ROW_BITS.brokersClock) === 0 ? 'CreateTime' : 'LogAppendTime';
}

/** True when the event row says that its causation id is its correlation id. */
export function causationIsCorrelation(rowFlags: number): boolean {
  return (rowFlags & ROW_BITS.causationIsCorrelation) !== 0;
}
