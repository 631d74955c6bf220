'use client';

import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import type { SchemaList } from '@/server/model/violation-wire.ts';
import { JobStarter } from './job-starter.tsx';
import { reachOf } from './job-words.ts';
import { otherSchemasSentence } from './other-schemas-words.ts';
import type { Jobs } from './use-jobs.ts';

/** How many stored events were judged by other schemas, and the job that holds them against those in force. */
export function SchemasStarter({ jobs, others }: { jobs: Jobs; others: SchemaList['other_schemas'] }) {
  const reach = reachOf(others.events, others.unreachable);
  return (
    <JobStarter
      jobs={jobs}
      kind="re-validate"
      sentence={otherSchemasSentence(others)}
      waits={reach !== '0'}
      words={{
        ask: 'Hold them against these',
        start: `Hold ${formatCount(reach)} against them`,
        title: 'Hold stored events against the schemas in force',
        will: `${formatCounted(reach, 'stored event')} will be held against the schemas in force. Violations may come and go; the stored bytes and traces do not change.`,
      }}
    />
  );
}
