import type { PoolClient } from 'pg';
import { FLOW_ORDINAL, REPLY_ORDINAL } from '../../model/series.ts';
import type { StitchEvent } from '../../model/trace.ts';
import type { OpenTrace, Settle } from '../../ports/settle-store.ts';
import { FrozenEffects } from '../settle/frozen-effects.ts';
import { type HopRow, rowKey, sameHop, toHopRow } from '../settle/hop-row.ts';
import { NO_SERIES } from '../settle/hop-sums.ts';
import { findSeries } from '../settle/series-ids.ts';

/** A trace is stitched without its day this often at most; then everything that is left of it is frozen. */
const MOST_TURNS = 6;

/** What is left of a trace when its days until `day` go: events, and the hop rows that lead to them. */
export interface Remainder {
  readonly trace: OpenTrace;
  readonly rows: readonly HopRow[];
}

export interface Freezing {
  readonly client: PoolClient;
  readonly workspaceId: number;
  /** `YYYY-MM-DD`: what was stored until then goes. */
  readonly day: string;
  readonly settle: Settle;
}

/**
 * Tells what of these traces has to be frozen so that nothing else of them changes: the hops whose cause goes, and
 * whatever comes out otherwise when the rest is stitched alone (a reply that was known by an event in between, a copy of
 * an event that goes). What is frozen may change what is around it, so that it is tried again until all agree. Answers by
 * trace key.
 */
export async function freeze(
  { client, workspaceId, day, settle }: Freezing,
  remainders: readonly Remainder[],
): Promise<ReadonlyMap<string, FrozenEffects>> {
  const frozen = new Map(remainders.map(({ trace, rows }) => [trace.traceKey, causesGone(rows, day)]));
  let left = remainders;
  for (let turn = 0; left.length > 0; turn += 1) {
    if (turn === MOST_TURNS) {
      for (const { trace } of left) for (const row of everyRow(trace)) frozen.get(trace.traceKey)?.add(row);
      break;
    }
    const wanted = await stitchAlone(client, workspaceId, settle, left, frozen);
    left = left.filter(({ trace, rows }) => {
      const known = frozen.get(trace.traceKey) ?? new FrozenEffects();
      const live = rows.filter((row) => !known.has(row));
      const differing = differences(live, wanted.get(trace.traceKey) ?? []);
      for (const row of differing) known.add(row);
      return differing.length > 0;
    });
  }
  return frozen;
}

function causesGone(rows: readonly HopRow[], day: string): FrozenEffects {
  const frozen = new FrozenEffects();
  for (const row of rows) {
    if (row.sealed || (row.cause?.storedDay != null && row.cause.storedDay <= day)) frozen.add(row);
  }
  return frozen;
}

async function stitchAlone(
  client: PoolClient,
  workspaceId: number,
  settle: Settle,
  remainders: readonly Remainder[],
  frozen: ReadonlyMap<string, FrozenEffects>,
): Promise<ReadonlyMap<string, readonly HopRow[]>> {
  const settled = settle(
    remainders.map(({ trace }) => ({ ...trace, frozen: frozen.get(trace.traceKey) ?? new FrozenEffects() })),
  );
  const idOf = await findSeries(
    client,
    workspaceId,
    settled.flatMap(({ measured }) => measured.map(({ series }) => series)),
  );
  return new Map(
    settled.map((trace) => [
      trace.traceKey,
      // A series that does not exist yet is none of a stored row.
      trace.measured.map(({ hop, series }) => toHopRow(hop, idOf(series) ?? -1, trace)),
    ]),
  );
}

/** Rows of either that the other does not have, or has otherwise. */
function differences(stored: readonly HopRow[], wanted: readonly HopRow[]): readonly HopRow[] {
  const left = new Map(stored.map((row) => [rowKey(row), row]));
  const differing: HopRow[] = [];
  for (const row of wanted) {
    const before = left.get(rowKey(row));
    if (before !== undefined && sameHop(before, row)) left.delete(rowKey(row));
    else if (before === undefined) differing.push(row);
  }
  for (const row of left.values()) differing.push(row);
  return differing;
}

function everyRow({ traceKey, events }: OpenTrace): readonly HopRow[] {
  return events.flatMap((event) =>
    [0, FLOW_ORDINAL, REPLY_ORDINAL].map((ordinal) => emptyRow(event, traceKey, ordinal)),
  );
}

function emptyRow(effect: StitchEvent, traceKey: string, ordinal: number): HopRow {
  const hop = { effect, ordinal, evidence: 'root', cause: null, hopUs: null, flags: [] } as const;
  return { ...toHopRow(hop, NO_SERIES, { traceKey, topologyVersion: 0 }), sealed: true };
}

/** Rows that stand for what is frozen and has none: in no sum, they keep anything else from coming in its place. */
export function placeholders({ trace, rows }: Remainder, frozen: FrozenEffects): readonly HopRow[] {
  const known = new FrozenEffects();
  for (const row of rows) known.add(row);
  return everyRow(trace).filter((row) => frozen.has(row) && !known.has(row));
}
