import type { AttemptOutcome } from '../model/delivery-wire.ts';

/** What is sent to a receiver, once. */
export interface Outgoing {
  /** One that `receiverUrlTrouble` has nothing against. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of one try. */
export interface SendOutcome {
  readonly outcome: Extract<AttemptOutcome, 'delivered' | 'refused' | 'failed' | 'forbidden'>;
  /** HTTP status; null where there was no answer. */
  readonly status: number | null;
  /** For a person; names the host, never the rest of the address. */
  readonly sentence: string;
  /** Begin of the answer's body; null where it had none. */
  readonly excerpt: string | null;
  /** Value of `Retry-After`; null for none. */
  readonly retryAfter: string | null;
  readonly latencyMs: number;
}

/** Sends once. Never throws for what a receiver or the network does; ends soon after the signal. */
export type Send = (outgoing: Outgoing, signal: AbortSignal) => Promise<SendOutcome>;
