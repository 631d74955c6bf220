'use client';

import { useState } from 'react';
import type { JobKind } from '@/server/model/job-wire.ts';
import { JobLine } from './job-line.tsx';
import { isActive } from './job-words.ts';
import type { Jobs } from './use-jobs.ts';

interface JobStarterProps {
  readonly jobs: Jobs;
  readonly kind: JobKind;
  /** What waits for the job, in a sentence. */
  readonly sentence: string | null;
  /** Whether it has anything to do. */
  readonly waits: boolean;
  /** The buttons that ask for it, do it, and leave it; and what it will do, in sentences. */
  readonly words: {
    readonly ask: string;
    readonly start: string;
    readonly title: string;
    readonly will: string;
  };
}

/** What waits for a job, the way to start it, asked once more, and how far the newest is. */
export function JobStarter({ jobs, kind, sentence, waits, words }: JobStarterProps) {
  const [asking, setAsking] = useState(false);
  const job = jobs.newest(kind);
  const active = job !== null && isActive(job);
  return (
    <>
      {sentence === null ? null : (
        <div className="tools wraps border-b-0">
          <span className="t12 f1 min-w-0">{sentence}</span>
          {active || asking || !waits ? null : (
            <button type="button" className="ctl" onClick={() => setAsking(true)}>
              {words.ask}
            </button>
          )}
        </div>
      )}
      {asking && !active ? (
        <div className="tools wraps border-b-0" role="alertdialog" aria-label={words.title}>
          <span className="t12 min-w-0">{words.will}</span>
          <button
            type="button"
            className="ctl on"
            onClick={() => {
              setAsking(false);
              jobs.start(kind);
            }}
          >
            {words.start}
          </button>
          <button type="button" className="ctl" onClick={() => setAsking(false)}>
            Leave them
          </button>
        </div>
      ) : null}
      {job === null ? null : <JobLine job={job} onCancel={() => jobs.cancel(job)} />}
    </>
  );
}

/** Why a job could not be started or cancelled. */
export function JobProblem({ jobs: { problem, refresh } }: { jobs: Jobs }) {
  if (problem === null) return null;
  return (
    <p className="note-bar bad" role="alert">
      {problem}.{' '}
      <button type="button" className="u" onClick={refresh}>
        Look again
      </button>
    </p>
  );
}
