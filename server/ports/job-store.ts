import type { PreparedEvent } from '../model/event.ts';
import type { JobKind, JobState, JobWire } from '../model/job-wire.ts';
import type { Incarnation, SourceRecord } from '../model/record.ts';

/**
 * Which stored events a job reads again: what other rules have read, what waited for a registry, or what was held against
 * other schemas than those in force.
 */
export type JobScope = 'older rules' | 'registry unreachable' | 'other schemas';

/** The name of the task in the job library, and of the one queue its jobs share. */
export const RE_RESOLVE_TASK = 're-resolve';

/** Asking for jobs and looking at them: the web's side, and the tap's own when a registry answers again. */
export interface JobStore {
  /** Queues a job, in one transaction with its entry in the job library. `busy` names the one that is at work already. */
  request(scope: JobScope): Promise<{ readonly kind: 'queued' | 'busy'; readonly job: JobWire }>;
  /** The newest first, at most a hundred. */
  list(): Promise<readonly JobWire[]>;
  /** The newest of a kind; null when there was none. */
  newest(kind: JobKind): Promise<JobWire | null>;
  /** Cancels a job that is queued or running; it stops after the records in hand. Null for a job that is not known. */
  cancel(id: string): Promise<JobWire | null>;
}

/** Where the records of one preparation stand. */
export interface RecordPlace {
  readonly incarnation: Incarnation;
  readonly partition: number;
}

/** Prepares stored records anew as ingest does; one event per record, in their order. Never throws for data. */
export type PrepareStored = (records: readonly SourceRecord[], place: RecordPlace) => Promise<readonly PreparedEvent[]>;

/** What a step of a job came to. `stopped`: the job is not running any more, or another process goes on with it. */
export type StepOutcome = 'working' | 'done' | 'stopped';

/** What a re-resolve job reads and writes. Every call stands on its own: a kill between any two loses nothing. */
export interface ReResolveStore {
  /** Takes a queued job, or one that was stopped, and counts what it has to look at. The state it is in afterwards. */
  begin(jobId: string): Promise<JobState | null>;
  /** Reads a bounded piece of what is stored, prepares it, and puts it in the place of what other rules made of it. */
  step(jobId: string, prepare: PrepareStored): Promise<StepOutcome>;
  /** Says in a sentence why a running job waits, or null that it goes on. */
  note(jobId: string, message: string | null): Promise<void>;
}
