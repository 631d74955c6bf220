import { EVIDENCE, HOP_FLAGS } from '../../model/evidence.ts';
import type { Micros } from '../../model/time.ts';
import { type Hop, recordKey } from '../../model/trace.ts';
import { bitsOf } from '../codes.ts';
import { minuteOf } from '../sql-time.ts';

/** A row of `hop`, and what of it decides whether it is still the same. */
export interface HopRow {
  readonly storedDay: string;
  readonly traceKey: string;
  readonly incarnationId: number;
  readonly partition: number;
  readonly offset: bigint;
  readonly ordinal: number;
  /** Code of model/evidence.ts */
  readonly evidence: number;
  readonly cause: HopCause | null;
  readonly hopUs: number | null;
  /** Bits of model/evidence.ts */
  readonly flags: number;
  readonly minute: Micros;
  readonly seriesId: number;
  readonly topologyVersion: number;
  /** It stays as it is, and is in the sealed sums. */
  readonly sealed: boolean;
}

export interface HopCause {
  readonly incarnationId: number;
  readonly partition: number;
  readonly offset: bigint;
  /** Null in rows of before causes had one. */
  readonly storedDay: string | null;
}

/** The row of a hop of a trace. */
export function toHopRow(hop: Hop, seriesId: number, trace: { traceKey: string; topologyVersion: number }): HopRow {
  const { effect, cause } = hop;
  return {
    storedDay: effect.storedDay,
    traceKey: trace.traceKey,
    incarnationId: effect.incarnationId,
    partition: effect.partition,
    offset: effect.offset,
    ordinal: hop.ordinal,
    evidence: EVIDENCE[hop.evidence],
    cause: cause && {
      incarnationId: cause.incarnationId,
      partition: cause.partition,
      offset: cause.offset,
      storedDay: cause.storedDay,
    },
    hopUs: hop.hopUs === null ? null : Math.trunc(hop.hopUs),
    flags: bitsOf(HOP_FLAGS, hop.flags),
    minute: minuteOf(effect.occurredAt),
    seriesId,
    topologyVersion: trace.topologyVersion,
    sealed: false,
  };
}

/** What a row is found by. */
export function rowKey(row: HopRow): string {
  return `${row.traceKey} ${row.storedDay} ${recordKey(row)} ${row.ordinal}`;
}

/** True for rows that say the same of a hop, by whatever topology. */
export function sameHop(a: HopRow, b: HopRow): boolean {
  return (
    a.seriesId === b.seriesId &&
    a.hopUs === b.hopUs &&
    a.minute === b.minute &&
    a.flags === b.flags &&
    a.evidence === b.evidence &&
    sameCause(a.cause, b.cause)
  );
}

function sameCause(a: HopCause | null, b: HopCause | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.offset === b.offset &&
    a.partition === b.partition &&
    a.incarnationId === b.incarnationId &&
    a.storedDay === b.storedDay
  );
}

/** What has to be done to the stored rows. A row that changes is in both lists. */
export interface RowChanges {
  readonly removed: readonly HopRow[];
  readonly added: readonly HopRow[];
}

/** From the rows that are stored to those that should be. */
export function changesOf(stored: readonly HopRow[], wanted: readonly HopRow[]): RowChanges {
  if (stored.length === 0) return { removed: [], added: wanted };
  const left = new Map(stored.map((row) => [rowKey(row), row]));
  const removed: HopRow[] = [];
  const added: HopRow[] = [];
  for (const row of wanted) {
    const key = rowKey(row);
    const before = left.get(key);
    left.delete(key);
    if (before === undefined) added.push(row);
    else if (!sameHop(before, row) || before.topologyVersion !== row.topologyVersion) {
      removed.push(before);
      added.push(row);
    }
  }
  for (const row of left.values()) removed.push(row);
  return { removed, added };
}
