import { setTimeout as wait } from 'node:timers/promises';
import type { JobState } from '../model/job-wire.ts';
import type { StepOutcome } from '../ports/job-store.ts';
import type { JobTask } from './create-job-runner.ts';

export interface StepsDeps {
  /** Takes the job; it goes on only when it is running then. */
  readonly begin: (jobId: string) => Promise<JobState | null>;
  readonly step: (jobId: string) => Promise<StepOutcome>;
  /** Says in a sentence why the job waits, or null that it goes on. */
  readonly note: (jobId: string, message: string | null) => Promise<void>;
  /** After each piece: there are traces to settle. */
  onStep(): void;
  /** Hears of a piece that failed, before it is tried again. */
  onFailure(error: unknown): void;
  onWorked(): void;
  /** Pauses before the next try, the last one for ever. */
  readonly retryMs?: readonly number[];
}

const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;
/** A step that has to wait looks again after this. */
const WAIT_MS = 100;

/**
 * The task of a job that goes on in steps. What fails is tried again with growing pauses for as long as the job runs, and
 * the job says so: data cannot make it fail, and a database that is away comes back. A job that is cancelled stops.
 */
export function createSteppedTask(deps: StepsDeps): JobTask {
  const { begin, step, note, retryMs = RETRY_MS } = deps;

  const attempt = async <T>(jobId: string, work: () => Promise<T>, signal: AbortSignal): Promise<T | null> => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const answer = await work();
        if (failures > 0) await note(jobId, null);
        deps.onWorked();
        return answer;
      } catch (error) {
        deps.onFailure(error);
        await note(jobId, `It waits, because of: ${sentenceOf(error)}`).catch(deps.onFailure);
        const pauseMs = retryMs[Math.min(failures, retryMs.length - 1)] ?? 0;
        await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return null;
  };

  return async (jobId, signal) => {
    if ((await attempt(jobId, () => begin(jobId), signal)) !== 'running') return;
    for (;;) {
      const outcome = await attempt(jobId, () => step(jobId), signal);
      if (outcome === 'waiting') await wait(WAIT_MS, undefined, { signal }).catch(() => undefined);
      else if (outcome !== null) deps.onStep();
      if (outcome !== 'working' && outcome !== 'waiting') return;
    }
  };
}

const LONGEST_MESSAGE = 200;

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `${text.slice(0, LONGEST_MESSAGE)}.`;
}
