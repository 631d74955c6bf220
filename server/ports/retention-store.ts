/** What is kept alike: raw bytes; events with their segments and hops; counts. */
export type KeptAs = 'payload' | 'events' | 'aggregates';

/** Why a stored day was dropped. */
export type ExpiryReason = 'age' | 'payload size' | 'total size';

/** How long things are kept. Sizes in bytes are on disk, indexes included; null is without a limit. */
export interface RetentionPolicy {
  readonly ageMs: Readonly<Record<KeptAs, number>>;
  readonly payloadBytes: number | null;
  readonly totalBytes: number | null;
}

/** A stored day (of counts: a month, named by its first day) that was dropped. */
export interface ExpiredDay {
  readonly keptAs: KeptAs;
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly why: ExpiryReason;
  readonly bytes: number;
}

export interface ExpiryReport {
  readonly dropped: readonly ExpiredDay[];
  /** Days that are due, but a query that runs for minutes holds them; they are tried again at the next run. */
  readonly held: readonly ExpiredDay[];
  /** Limits that are passed although nothing but the days still written to is left. */
  readonly over: readonly ('payload size' | 'total size')[];
}

export interface RetentionStore {
  /** Drops every day the policy gives up. One process at a time: answers null while another one does it. */
  expire(policy: RetentionPolicy): Promise<ExpiryReport | null>;
}
