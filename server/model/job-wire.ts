export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** `re-resolve`: stored events are read again by the rules in force; `re-validate`: held against the schemas in force. */
export type JobKind = 're-resolve' | 're-validate';

/** A background job; 64-bit counts are texts. */
export interface JobWire {
  readonly id: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly requested_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** Events looked at, and how many there are to look at. */
  readonly done: string;
  readonly total: string;
  readonly changed: string;
  /** Why it failed or waits, in a sentence. */
  readonly message: string | null;
}
