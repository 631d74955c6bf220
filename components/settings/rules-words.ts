import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { DialectList } from '@/server/model/dialect-wire.ts';
import type { JobWire } from '@/server/model/job-wire.ts';

type Rules = DialectList['rules'];

/** Events read by older rules that can still be read anew, as text. */
export function withinReach({ older, older_unreachable }: Rules): string {
  const reach = BigInt(older) - BigInt(older_unreachable);
  return reach > 0n ? String(reach) : '0';
}

/** Which rules are in force and what was read by older ones. */
export function rulesSentence(rules: Rules): string {
  const { version, older, older_unreachable: lost } = rules;
  if (version === null) return 'No tap has used these rules yet.';
  const force = `Rules ${version} are in force.`;
  if (older === '0') return `${force} Every stored event was read by them.`;
  const reach = withinReach(rules);
  const read = `${force} ${formatCounted(older, 'stored event was', 'stored events were')} read by older ones`;
  if (lost === '0') return `${read}; all of them can be re-read.`;
  if (reach === '0') return `${read} and stay so: the payload has expired.`;
  return `${read}; ${formatCount(reach)} of them can be re-read, ${formatCount(lost)} stay so: the payload has expired.`;
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
      return 'Waiting for a tap to take it.';
    case 'running':
      return `${so}.`;
    case 'done':
      return `Done: ${so}.`;
    case 'failed':
      return `Failed: ${so}.`;
    case 'cancelled':
      return `Cancelled: ${so}. ${job.kind === 're-resolve' ? 'What was re-read stays so.' : 'What was settled stays so.'}`;
  }
}

/** How many traces there are to look at is known when a job that settles them again is done. */
function progressWords({ kind, state, done, total, changed }: JobWire): string {
  if (kind === 're-resolve') {
    return `${formatCount(done)} of ${formatCounted(total, 'event')} re-read, ${formatCount(changed)} changed`;
  }
  const about = state === 'done' ? '' : 'about ';
  return `${formatCount(done)} of ${about}${formatCounted(total, 'trace')} looked at, ${formatCount(changed)} settled again by the newest topology`;
}

/** How much of a job is done, 0..1; null while nobody knows how much there is. */
export function jobShare({ done, total }: JobWire): number | null {
  if (total === '0') return null;
  return Math.min(1, Number((BigInt(done) * 1000n) / BigInt(total)) / 1000);
}
