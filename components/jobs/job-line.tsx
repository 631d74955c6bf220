'use client';

import { Instant } from '@/components/ui/instant.tsx';
import type { MarkKind } from '@/components/ui/mark-kind.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { JobState, JobWire } from '@/server/model/job-wire.ts';
import { isActive, jobSentence, jobShare, SHARE_WORDS } from './job-words.ts';

const MARKS: Record<JobState, MarkKind> = {
  queued: 'running',
  running: 'running',
  done: 'done',
  failed: 'stalled',
  cancelled: 'unknown',
};

/** A job: how far it is, when it began or ended, and the way to stop it. */
export function JobLine({ job, onCancel }: { job: JobWire; onCancel: () => void }) {
  const share = jobShare(job);
  return (
    <div className="tools wraps border-b-0" data-job={job.state}>
      <span className="tag min-w-0" role="status">
        <StateMark kind={MARKS[job.state]} />
        <span className="whitespace-normal">
          {jobSentence(job)}
          {job.message === null ? null : ` ${safeText(job.message, 1000)}`}
        </span>
      </span>
      {isActive(job) && share !== null ? (
        <progress className="line" max={1} value={share} aria-label={SHARE_WORDS[job.kind]} />
      ) : null}
      <span className="f2 t12">
        {job.finished_at === null ? 'asked for ' : 'ended '}
        <Instant at={job.finished_at ?? job.requested_at} relative />
      </span>
      {isActive(job) ? (
        <button type="button" className="ctl" onClick={onCancel}>
          Cancel
        </button>
      ) : null}
    </div>
  );
}
