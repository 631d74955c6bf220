import type { SettledTrace } from '../../ports/settle-store.ts';

/** The stored days a trace's rows can lie in, `YYYY-MM-DD`, both inclusive. */
export interface TraceSpan {
  readonly firstDay: string;
  readonly lastDay: string;
}

/** A settled trace with the days its old rows can lie in. */
export type SpannedTrace = SettledTrace & TraceSpan;
