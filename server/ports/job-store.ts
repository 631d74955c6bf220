import type { PreparedEvent } from '../model/event.ts';
import type { JobKind, JobState, JobWire, TaskName } from '../model/job-wire.ts';
import type { Incarnation, SourceRecord } from '../model/record.ts';

/**
 * What a job goes through, and the task of the job library that does: events that other rules have read, events that waited
 * for a registry, events that were held against other schemas than those in force, traces that an older topology has
 * stitched.
 */
export const JOB_SCOPES = {
  'older rules': 're-resolve',
  'registry unreachable': 're-resolve',
  'other schemas': 're-resolve',
  'older topology': 're-settle',
} as const satisfies Readonly<Record<string, TaskName>>;

export type JobScope = keyof typeof JOB_SCOPES;

/** The scopes of jobs that read events again. */
export type ReResolveScope = Exclude<JobScope, 'older topology'>;

/** The one queue of the job library that all jobs share, so that one is at work at a time. */
export const JOB_QUEUE = 're-resolve';

/** Asking for jobs and looking at them: the web's side, and the tap's own when a registry answers again. */
export interface JobStore {
  /**
   * Queues a job, in one transaction with its entry in the job library. `busy` names the one of its kind that is at work
   * already.
   */
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

/**
 * What a step of a job came to. `waiting`: nothing was done, others have to get on first. `stopped`: the job is not running
 * any more, or another process goes on with it.
 */
export type StepOutcome = 'working' | 'waiting' | 'done' | 'stopped';

/** What every job is begun and told by. Every call stands on its own: a kill between any two loses nothing. */
interface RunningJobs {
  /** Takes a queued job, or one that was stopped. The state it is in afterwards; null when it is not known. */
  begin(jobId: string): Promise<JobState | null>;
  /** Says in a sentence why a running job waits, or null that it goes on. */
  note(jobId: string, message: string | null): Promise<void>;
}

/** What a re-resolve job reads and writes. */
export interface ReResolveStore extends RunningJobs {
  /** Reads a bounded piece of what is stored, prepares it, and puts it in the place of what other rules made of it. */
  step(jobId: string, prepare: PrepareStored): Promise<StepOutcome>;
}

/** What a re-settle job reads and writes. */
export interface ReSettleStore extends RunningJobs {
  /** Marks a bounded number of traces, once settle is done with those before them and behind with no others. */
  step(jobId: string): Promise<StepOutcome>;
}
