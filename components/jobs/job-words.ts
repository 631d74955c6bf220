import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { JobKind, JobWire } from '@/server/model/job-wire.ts';

/** How many of `all` a job can still get at, as text: of the others the payload has expired. */
export function reachOf(all: string, unreachable: string): string {
  const reach = BigInt(all) - BigInt(unreachable);
  return reach > 0n ? String(reach) : '0';
}

/** True for a job that is to go on. */
export function isActive({ state }: JobWire): boolean {
  return state === 'queued' || state === 'running';
}

/** What a job is at. */
export function jobSentence(job: JobWire): string {
  const so = progressWords(job);
  switch (job.state) {
    case 'queued':
      return `${WORK[job.kind]} waits for a tap to take it.`;
    case 'running':
      return `${so}.`;
    case 'done':
      return `Done: ${so}.`;
    case 'failed':
      return `Failed: ${so}.`;
    case 'cancelled':
      return `Cancelled: ${so}. What was ${PAST[job.kind]} stays so.`;
  }
}

const WORK: Readonly<Record<JobKind, string>> = {
  're-resolve': 'Re-reading stored events',
  're-validate': 'Holding stored events against the schemas in force',
  're-settle': 'Settling traces again',
};

const PAST: Readonly<Record<JobKind, string>> = {
  're-resolve': 're-read',
  're-validate': 'held against them',
  're-settle': 'settled',
};

/** How many traces there are to look at is known when a job that settles them again is done. */
function progressWords({ kind, state, done, total, changed }: JobWire): string {
  const so = formatCount(done);
  switch (kind) {
    case 're-resolve':
      return `${so} of ${formatCounted(total, 'event')} re-read, ${formatCount(changed)} changed`;
    case 're-validate':
      return `${so} of ${formatCounted(total, 'event')} held against the schemas in force, ${formatCount(changed)} changed`;
    case 're-settle': {
      const about = state === 'done' ? '' : 'about ';
      return `${so} of ${about}${formatCounted(total, 'trace')} looked at, ${formatCount(changed)} settled again by the newest topology`;
    }
  }
}

/** What the bar of a job measures. */
export const SHARE_WORDS: Readonly<Record<JobKind, string>> = {
  're-resolve': 'Share of the events that is re-read',
  're-validate': 'Share of the events that is held against the schemas in force',
  're-settle': 'Share of the traces that is looked at',
};

/** How much of a job is done, 0..1; null while nobody knows how much there is. */
export function jobShare({ done, total }: JobWire): number | null {
  if (total === '0') return null;
  return Math.min(1, Number((BigInt(done) * 1000n) / BigInt(total)) / 1000);
}
