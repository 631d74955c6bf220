import type { Frozen } from '../../model/frozen.ts';
import { FLOW_ORDINAL, REPLY_ORDINAL } from '../../model/series.ts';
import { recordKey } from '../../model/trace.ts';
import type { HopRow } from './hop-row.ts';

/** What of a trace is sealed, while it is put together. */
export class FrozenEffects implements Frozen {
  readonly hops = new Set<string>();
  readonly flows = new Set<string>();
  readonly replies = new Set<string>();

  /** The row's effect, with all rows of the kind: an effect with a sealed hop gets no other. */
  add(row: HopRow): void {
    this.#of(row.ordinal).add(recordKey(row));
  }

  has(row: HopRow): boolean {
    return this.#of(row.ordinal).has(recordKey(row));
  }

  #of(ordinal: number): Set<string> {
    if (ordinal === FLOW_ORDINAL) return this.flows;
    return ordinal === REPLY_ORDINAL ? this.replies : this.hops;
  }
}

/** What sealed rows say, by trace. */
export function frozenByTrace(rows: readonly HopRow[]): ReadonlyMap<string, FrozenEffects> {
  const frozen = new Map<string, FrozenEffects>();
  for (const row of rows) {
    if (!row.sealed) continue;
    const known = frozen.get(row.traceKey) ?? new FrozenEffects();
    known.add(row);
    frozen.set(row.traceKey, known);
  }
  return frozen;
}
