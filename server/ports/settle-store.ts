import type { Episode } from '../model/episode.ts';
import type { Frozen } from '../model/frozen.ts';
import type { SeriesKey } from '../model/series.ts';
import type { Hop, StitchEvent, StitchedTrace } from '../model/trace.ts';
import type { IdKind } from '../model/trace-key.ts';

/** A trace that has marks, with what its marks carry. */
export interface DirtyTrace {
  readonly traceKey: string;
  readonly idKind: IdKind;
  /** The id's text, cut at 1,024 characters. */
  readonly idText: string;
  readonly idLength: number;
}

/** A dirty trace with all its events, read after its marks were deleted. */
export interface OpenTrace extends DirtyTrace {
  readonly events: readonly StitchEvent[];
  /** What of it is sealed; nothing where it is not said. */
  readonly frozen?: Frozen;
}

/** Stitches traces: what settle is made of. */
export type Settle = (traces: readonly OpenTrace[]) => readonly SettledTrace[];

/** One settled trace, ready to replace what is stored of it. */
export interface SettledTrace extends DirtyTrace {
  readonly stitched: StitchedTrace;
  /** What it gives to the sums: every hop, and the times over several hops. */
  readonly measured: readonly { readonly hop: Hop; readonly series: SeriesKey }[];
  readonly topologyVersion: number;
  readonly newestEpisode: Episode | null;
}

/** Which traces one settle takes. */
export interface SettleTurn {
  readonly limit: number;
  readonly quietMs: number;
  /** Keys of traces whose marks wait for a later one; none where it is not said. */
  readonly resting?: readonly string[];
}

/** What settle reads and writes. */
export interface SettleStore {
  /**
   * One settle of a shard in one transaction: locks the shard (answers null when another settler holds it), deletes up
   * to `limit` traces' marks that are older than `quietMs` (fewer, where the traces are large; none of those that are
   * `resting`), reads their events, hands them to `settle`, and replaces their trace, hop and duplicate rows by its
   * answer. Appends a `traces` frame. A kill anywhere leaves the marks. Answers how many traces were settled.
   */
  settleShard(shard: number, options: SettleTurn, settle: Settle): Promise<number | null>;
}

/** A trace of so many events may rest between settles: that its marks wait does not say that settle is behind. */
export const LARGE_TRACE = 1_000;

/** Number of shards of settle: a constant of the design, kept with every aggregate row. */
export const SHARDS = 4;

/** The shard of a trace key (UUID form): its last hex digit mod 4. The key is a hash, so shards are even. */
export function shardOf(traceKey: string): number {
  return Number.parseInt(traceKey.slice(-1), 16) % SHARDS;
}
