'use client';

import { useLive } from '@/components/live/live-provider.tsx';
import { isLowerBound } from '@/components/ui/lower-bound.ts';
import { Num } from '@/components/ui/num.tsx';
import { Verdict } from '@/components/ui/verdict.tsx';
import type { CoverageSummary } from '@/server/model/wire.ts';
import type { Verdict as Said } from './verdict.ts';
import { Sentence } from './words.tsx';

/** The verdict in the page's largest type, and the counts that lead to what is not in a trace. */
export function VerdictHead({ said, coverage }: { said: Said; coverage: CoverageSummary | null }) {
  return (
    <Verdict
      mark={said.mark}
      sentence={<Sentence words={said.sentence} />}
      aside={coverage === null ? null : <Counts coverage={coverage} />}
    >
      <p>
        <Sentence words={said.detail} />
      </p>
    </Verdict>
  );
}

function Counts({ coverage }: { coverage: CoverageSummary }) {
  const bound = isLowerBound(coverage);
  const waiting = useLive().stream.pulse?.settled.waiting ?? 0;
  return (
    <div
      className="phone-off ml-auto grid flex-none content-start gap-x-5 gap-y-1.5 pt-1.5 max-[1100px]:hidden"
      style={{ gridTemplateColumns: 'auto auto' }}
    >
      <span className="cnt">
        <Num value={coverage.totals.undecodable} bound={bound} href="/topics?tab=undecodable" /> undecodable
      </span>
      <span className="cnt">
        <Num value={coverage.totals.uncorrelated} bound={bound} href="/topics?tab=uncorrelated" /> uncorrelated
      </span>
      <span className="cnt">
        <Num value={coverage.holes} href="/topics?tab=holes" /> {coverage.holes === 1 ? 'hole' : 'holes'}
      </span>
      <span className="cnt">
        <span className="m">{waiting}</span> to stitch
      </span>
    </div>
  );
}
