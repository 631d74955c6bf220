'use client';

import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { EventsPanel } from '@/components/topics/events-panel.tsx';
import { formatCounted } from '@/components/ui/format-number.ts';
import { isLowerBound } from '@/components/ui/lower-bound.ts';
import { Verdict } from '@/components/ui/verdict.tsx';
import { PartsNav } from './parts-nav.tsx';

/** Records whose value could not be read: no schema is held against what nobody can read. */
export function UndecodablePart() {
  const coverage = useCoverage().data.value;
  const count = coverage?.totals.undecodable ?? null;
  return (
    <>
      <Verdict
        mark={count === null || coverage === null ? 'unknown' : count === '0' ? 'flowing' : 'violating'}
        sentence={
          count === null || coverage === null
            ? 'Undecodable records'
            : count === '0'
              ? 'Every stored record could be decoded'
              : `${isLowerBound(coverage) ? '≥ ' : ''}${formatCounted(count, 'stored record')} could not be decoded`
        }
      >
        <p>They are stored with their bytes and the reason. No schema is held against what cannot be read.</p>
      </Verdict>
      <div className="tools">
        <PartsNav />
      </div>
      <EventsPanel group="undecodable" />
    </>
  );
}
