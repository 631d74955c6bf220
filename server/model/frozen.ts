/** What of a trace is sealed: `recordKey` of the events that hops lead to, that flows end with, that replies are. */
export interface Frozen {
  /** They can be causes, and get no other hop. */
  readonly hops: ReadonlySet<string>;
  /** The flow of their episode is counted. */
  readonly flows: ReadonlySet<string>;
  /** The time since their request is counted. */
  readonly replies: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export const NOTHING_FROZEN: Frozen = { hops: NONE, flows: NONE, replies: NONE };
