import { setTimeout as wait } from 'node:timers/promises';
import type { PrepareStored, ReResolveStore } from '../ports/job-store.ts';
import type { JobTask } from './create-job-runner.ts';

export interface ReResolveDeps {
  readonly store: ReResolveStore;
  readonly prepare: PrepareStored;
  /** After each piece: there are traces to settle. */
  onStep(): void;
  /** Hears of a piece that failed, before it is tried again. */
  onFailure(error: unknown): void;
  onWorked(): void;
  /** Pauses before the next try, the last one for ever. */
  readonly retryMs?: readonly number[];
}

const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000] as const;

/**
 * The task that reads stored events anew. What fails is tried again with growing pauses for as long as the job runs, and
 * the job says so: data cannot make it fail, and a database that is away comes back. A job that is cancelled stops.
 */
export function createReResolveTask(deps: ReResolveDeps): JobTask {
  const { store, prepare, retryMs = RETRY_MS } = deps;

  const attempt = async <T>(jobId: string, work: () => Promise<T>, signal: AbortSignal): Promise<T | null> => {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const answer = await work();
        if (failures > 0) await store.note(jobId, null);
        deps.onWorked();
        return answer;
      } catch (error) {
        deps.onFailure(error);
        await store.note(jobId, `It waits, because of: ${sentenceOf(error)}`).catch(deps.onFailure);
        const pauseMs = retryMs[Math.min(failures, retryMs.length - 1)] ?? 0;
        await wait(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return null;
  };

  return async (jobId, signal) => {
    if ((await attempt(jobId, () => store.begin(jobId), signal)) !== 'running') return;
    for (;;) {
      const outcome = await attempt(jobId, () => store.step(jobId, prepare), signal);
      if (outcome !== null) deps.onStep();
      if (outcome !== 'working') return;
    }
  };
}

const LONGEST_MESSAGE = 200;

function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `${text.slice(0, LONGEST_MESSAGE)}.`;
}
