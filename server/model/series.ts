import type { Evidence } from './evidence.ts';

/** What a series of times measures, with its stored code. */
export const SERIES_KINDS = { hop: 0, flow: 1, reply: 2 } as const;

/**
 * `hop`: from the cause of an event to the event. `flow`: from the first to the last event of an episode. `reply`: from a
 * request to its reply.
 */
export type SeriesKind = keyof typeof SERIES_KINDS;

/** What times are alike. Types and services are small ids, 0 for none; topics are families, '' for none. */
export interface SeriesKey {
  readonly kind: SeriesKind;
  readonly evidence: Evidence;
  readonly causeTypeId: number;
  readonly effectTypeId: number;
  readonly effectServiceId: number;
  readonly causeFamily: string;
  readonly effectFamily: string;
}

/** The ordinals of rows that are no hops: they stand in the row of the event they end with. */
export const FLOW_ORDINAL = -1;
export const REPLY_ORDINAL = -2;
