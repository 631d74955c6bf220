'use client';

import { JobLine } from '@/components/jobs/job-line.tsx';
import { JobProblem, JobStarter } from '@/components/jobs/job-starter.tsx';
import { SchemasStarter } from '@/components/jobs/schemas-starter.tsx';
import { useJobs } from '@/components/jobs/use-jobs.ts';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { DialectList } from '@/server/model/dialect-wire.ts';
import type { JobWire } from '@/server/model/job-wire.ts';
import type { SchemaList } from '@/server/model/violation-wire.ts';
import { rulesSentence, withinReach } from './rules-words.ts';

interface RulesInForceProps {
  readonly rules: DialectList['rules'];
  /** The newest re-resolve job that the list of dialects told of. */
  readonly told: JobWire | null;
  readonly onChanged: () => void;
}

/**
 * Which rules are in force, how many stored events were read by older ones or judged by other schemas, and the jobs that
 * read them again, hold them against the schemas in force, and settle traces again.
 */
export function RulesInForce({ rules, told, onChanged }: RulesInForceProps) {
  const schemas = useLiveData<SchemaList>({
    query: 'schemas',
    initial: LOADING,
    load: (signal) => fetchApi<SchemaList>(schemasOfNow(), signal),
    everyMs: 15_000,
  });
  const jobs = useJobs(['re-resolve', 're-validate', 're-settle'], [told, schemas.data.value?.job ?? null], () => {
    onChanged();
    schemas.refresh();
  });
  const reach = withinReach(rules);
  const reSettle = jobs.newest('re-settle');
  return (
    <section className="border-b border-rule-1" aria-label="Rules in force">
      <JobStarter
        jobs={jobs}
        kind="re-resolve"
        sentence={rulesSentence(rules)}
        waits={reach !== '0'}
        words={{
          ask: 'Re-read them',
          start: `Re-read ${formatCount(reach)}`,
          title: 'Re-read stored events',
          will: `${formatCounted(reach, 'stored event')} will be read anew by the rules in force. Types, services, ids and the traces they belong to may change; the stored bytes do not.`,
        }}
      />
      <SchemasStarter jobs={jobs} others={schemas.data.value?.other_schemas ?? NOTHING} />
      {reSettle === null ? null : <JobLine job={reSettle} onCancel={() => jobs.cancel(reSettle)} />}
      <JobProblem jobs={jobs} />
    </section>
  );
}

const NOTHING: SchemaList['other_schemas'] = { events: '0', unreachable: '0' };

/** What waits is the same for any range; how types are covered is not asked for here, so the shortest is. */
function schemasOfNow(): string {
  const now = new Date();
  const from = new Date(now.getTime() - 60_000);
  return `/api/v1/schemas?${new URLSearchParams({ from: from.toISOString(), to: now.toISOString() })}`;
}
