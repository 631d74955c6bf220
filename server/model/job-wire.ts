export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** What the job library calls the work: reading stored events again, or stitching traces again. */
export type TaskName = 're-resolve' | 're-settle';

/**
 * `re-resolve`: stored events are read again by the rules in force; `re-validate`: held against the schemas in force;
 * `re-settle`: traces of older topologies are stitched again.
 */
export type JobKind = TaskName | 're-validate';

/** A background job; 64-bit counts are texts. */
export interface JobWire {
  readonly id: string;
  readonly kind: JobKind;
  readonly state: JobState;
  readonly requested_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** Events, or traces, looked at, and about how many there are to look at; 0 while nobody knows. */
  readonly done: string;
  readonly total: string;
  readonly changed: string;
  /** Why it failed or waits, in a sentence. */
  readonly message: string | null;
}
