import { reachOf } from '@/components/jobs/job-words.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { DialectList } from '@/server/model/dialect-wire.ts';

type Rules = DialectList['rules'];

/** Events read by older rules that can still be read anew, as text. */
export function withinReach({ older, older_unreachable }: Rules): string {
  return reachOf(older, older_unreachable);
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
