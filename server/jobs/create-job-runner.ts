import { setTimeout as wait } from 'node:timers/promises';
import { Logger, run } from 'graphile-worker';
import type { Pool } from 'pg';

/** Does one job; ends early, without an error, when the signal says that the process stops. */
export type JobTask = (jobId: string, signal: AbortSignal) => Promise<void>;

export interface JobRunnerDeps {
  /** A pool of its own: one connection listens for new jobs all the time. */
  readonly pool: Pool;
  readonly tasks: Readonly<Record<string, JobTask>>;
  /** Jobs at a time; 1 unless given. */
  readonly concurrency?: number;
  /** Between looks for jobs whose time has come, each worker for itself, in ms. */
  readonly pollMs?: number;
  /** Frees and enqueues again what a process that died has left behind. */
  readonly rescue: () => Promise<void>;
  /** Hears of what the job library could not do; it is tried again. */
  onFailure(error: unknown): void;
  onWorked(): void;
}

export interface JobRunner {
  start(): void;
  /** Ends after the piece of work in hand. The pool is the caller's to end. */
  stop(): Promise<void>;
}

/** Schema of the job library, its own default, said here so that no environment variable moves it. */
const SCHEMA = 'graphile_worker';
/** New jobs are told at once; this finds those whose notification was lost. */
const POLL_MS = 10_000;
const RESCUE_EVERY_MS = 10_000;
const RETRY_MS = 5_000;

/**
 * Runs jobs of this process, those of its tasks, by graphile-worker (docs/adr/0009). Starts when the database answers, and
 * starts again when it was away; its migrations race safely with those of other taps. Installs no signal handler.
 */
export function createJobRunner(deps: JobRunnerDeps): JobRunner {
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<void>[] = [];
  /** The library's tables are there: `run` makes them. */
  let ready = false;

  const runLibrary = async (): Promise<void> => {
    const runner = await run(options(deps, signal));
    const stop = () => void runner.stop().catch(() => undefined);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    ready = true;
    deps.onWorked();
    await deps.rescue().catch(deps.onFailure);
    await runner.promise.finally(() => signal.removeEventListener('abort', stop));
  };

  return {
    start() {
      running = [
        untilStopped(runLibrary, RETRY_MS, deps, signal),
        untilStopped(async () => (ready ? deps.rescue() : undefined), RESCUE_EVERY_MS, deps, signal),
      ];
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function untilStopped(
  work: () => Promise<void>,
  pauseMs: number,
  { onFailure }: JobRunnerDeps,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await work().catch(onFailure);
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

function options({ pool, tasks, onFailure, concurrency = 1, pollMs = POLL_MS }: JobRunnerDeps, signal: AbortSignal) {
  const taskList = Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [name, (payload: unknown) => task(jobIdOf(payload), signal)]),
  );
  return {
    pgPool: pool,
    schema: SCHEMA,
    taskList,
    // Without this a file `crontab` of the working folder would be read.
    parsedCronItems: [],
    concurrency,
    pollInterval: pollMs,
    noHandleSignals: true,
    // Gathered for no time at all: what a job ended with is then written before the library says that it has stopped. Without
    // this it writes that beside, our pool ends first, and the job's queue stays locked.
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    logger: new Logger(() => (level, message) => {
      // The library's levels are a const enum, which is not there at run time.
      if (String(level) === 'error') onFailure(new Error(message));
    }),
  };
}

/** The id of our own row of the job, which is all that a payload carries. */
function jobIdOf(payload: unknown): string {
  if (typeof payload === 'object' && payload !== null && 'job' in payload && typeof payload.job === 'string') {
    return payload.job;
  }
  throw new TypeError('a job of the library names none of ours');
}
