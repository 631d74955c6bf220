/** Stands on every list: when the answer was made, and what it covers. */
export interface AsOf {
  readonly as_of: string;
  readonly coverage: {
    /** Share of the offsets known to exist that are stored, 0..1; null when nothing is known. */
    readonly stored_share: number | null;
    readonly holes: number;
    /** True when unread records or holes make every count here a lower bound. */
    readonly lower_bound: boolean;
  };
}
