'use client';

import { useState } from 'react';
import { failureWords, fetchApi, LOADING, ready, sendApi } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { DialectList, JobList } from '@/server/model/dialect-wire.ts';
import type { JobKind, JobWire } from '@/server/model/job-wire.ts';
import { JobLine } from './job-line.tsx';
import { isActive, rulesSentence, withinReach } from './rules-words.ts';

interface RulesInForceProps {
  readonly rules: DialectList['rules'];
  /** The newest re-resolve job that the list of dialects told of. */
  readonly told: JobWire | null;
  readonly onChanged: () => void;
}

/** Which rules are in force, how many stored events were read by older ones, the job that reads them again, and the one that settles traces again. */
export function RulesInForce({ rules, told, onChanged }: RulesInForceProps) {
  const { job, reSettle, refresh, problem, act } = useJobs(told, onChanged);
  const [asking, setAsking] = useState(false);
  const reach = withinReach(rules);
  const active = job !== null && isActive(job);
  const start = () => {
    setAsking(false);
    act(() => sendApi('/api/v1/jobs', { kind: 're-resolve' }));
  };
  return (
    <section className="border-b border-rule-1" aria-label="Rules in force">
      <div className="tools wraps border-b-0">
        <span className="t12 f1 min-w-0">{rulesSentence(rules)}</span>
        {active || asking || reach === '0' ? null : (
          <button type="button" className="ctl" onClick={() => setAsking(true)}>
            Re-read them
          </button>
        )}
      </div>
      {asking && !active ? (
        <div className="tools wraps border-b-0" role="alertdialog" aria-label="Re-read stored events">
          <span className="t12 min-w-0">
            {formatCounted(reach, 'stored event')} will be read anew by the rules in force. Types, services, ids and the
            traces they belong to may change; the stored bytes do not.
          </span>
          <button type="button" className="ctl on" onClick={start}>
            Re-read {formatCount(reach)}
          </button>
          <button type="button" className="ctl" onClick={() => setAsking(false)}>
            Leave them
          </button>
        </div>
      ) : null}
      {job === null ? null : <JobLine job={job} onCancel={() => act(() => cancel(job.id))} />}
      {reSettle === null ? null : <JobLine job={reSettle} onCancel={() => act(() => cancel(reSettle.id))} />}
      {problem === null ? null : (
        <p className="note-bar bad" role="alert">
          {problem}.{' '}
          <button type="button" className="u" onClick={refresh}>
            Look again
          </button>
        </p>
      )}
    </section>
  );
}

function cancel(id: string): Promise<unknown> {
  return sendApi(`/api/v1/jobs/${encodeURIComponent(id)}/cancel`, {});
}

/** While a job runs it is looked at every second, else rarely: somebody else may have started one. */
const ACTIVE_MS = 1000;
const IDLE_MS = 15_000;

interface NewestJobs {
  readonly job: JobWire | null;
  readonly reSettle: JobWire | null;
}

/** The newest job of each kind, kept up to date; `act` starts or cancels one and says why that failed. */
function useJobs(told: JobWire | null, onChanged: () => void) {
  const [everyMs, setEveryMs] = useState(told !== null && isActive(told) ? ACTIVE_MS : IDLE_MS);
  const [wasActive, setWasActive] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { data, refresh } = useLiveData<NewestJobs>({
    query: 'jobs',
    initial: told === null ? LOADING : ready({ job: told, reSettle: null }),
    load: async (signal) => {
      const { jobs } = await fetchApi<JobList>('/api/v1/jobs', signal);
      const newest = (kind: JobKind) => jobs.find((job) => job.kind === kind) ?? null;
      const [job, reSettle] = [newest('re-resolve'), newest('re-settle')];
      const active = [job, reSettle].some((each) => each !== null && isActive(each));
      setEveryMs(active ? ACTIVE_MS : IDLE_MS);
      if (wasActive && !active) onChanged();
      setWasActive(active);
      return { job, reSettle };
    },
    everyMs,
    pollMs: everyMs,
  });
  const act = (send: () => Promise<unknown>) => {
    setProblem(null);
    send().then(refresh, (error: unknown) => setProblem(failureWords(error).replace(/\.$/, '')));
  };
  return { ...(data.value ?? { job: told, reSettle: null }), refresh, problem, act };
}
