import type { MatcherWire } from './alert-wire.ts';

/** Alerts that all matchers fit are withheld while it holds. Times are epoch ms. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly MatcherWire[];
  readonly from: number;
  readonly until: number;
  readonly reason: string;
  readonly author: string;
}
