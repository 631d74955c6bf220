'use client';

import { useState } from 'react';
import { failureWords, fetchApi, LOADING, sendApi } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import type { JobList } from '@/server/model/dialect-wire.ts';
import type { JobKind, JobWire } from '@/server/model/job-wire.ts';
import { isActive } from './job-words.ts';

/** While a job runs it is looked at every second, else rarely: somebody else may have started one. */
const ACTIVE_MS = 1000;
const IDLE_MS = 15_000;

/** The jobs that a page shows and asks for. */
export interface Jobs {
  /** The newest of a kind, as the list has it; before that is there, as the page was told. */
  readonly newest: (kind: JobKind) => JobWire | null;
  readonly start: (kind: JobKind) => void;
  readonly cancel: (job: JobWire) => void;
  readonly refresh: () => void;
  /** Why the last start or cancel failed, without a full stop. */
  readonly problem: string | null;
}

/** The newest jobs, kept up to date; `onChanged` is called once the last of these kinds has ended. */
export function useJobs(kinds: readonly JobKind[], told: readonly (JobWire | null)[], onChanged: () => void): Jobs {
  const works = (jobs: readonly (JobWire | null)[]) => jobs.some((job) => job !== null && isActive(job));
  const [everyMs, setEveryMs] = useState(works(told) ? ACTIVE_MS : IDLE_MS);
  const [wasActive, setWasActive] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { data, refresh } = useLiveData<readonly JobWire[]>({
    query: 'jobs',
    initial: LOADING,
    load: async (signal) => {
      const { jobs } = await fetchApi<JobList>('/api/v1/jobs', signal);
      const active = works(jobs.filter(({ kind }) => kinds.includes(kind)));
      setEveryMs(active ? ACTIVE_MS : IDLE_MS);
      if (wasActive && !active) onChanged();
      setWasActive(active);
      return jobs;
    },
    everyMs,
    pollMs: everyMs,
  });
  const act = (send: () => Promise<unknown>) => {
    setProblem(null);
    send().then(refresh, (error: unknown) => setProblem(failureWords(error).replace(/\.$/, '')));
  };
  return {
    newest: (kind) => (data.value ?? told).find((job) => job?.kind === kind) ?? null,
    start: (kind) => act(() => sendApi('/api/v1/jobs', { kind })),
    cancel: ({ id }) => act(() => sendApi(`/api/v1/jobs/${encodeURIComponent(id)}/cancel`, {})),
    ...{ refresh, problem },
  };
}
