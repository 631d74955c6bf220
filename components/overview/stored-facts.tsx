import { isLowerBound } from '@/components/ui/lower-bound.ts';
import { Num } from '@/components/ui/num.tsx';
import type { CoverageSummary } from '@/server/model/wire.ts';

/** What is stored in all; every number opens what it counts. */
export function StoredFacts({ coverage }: { coverage: CoverageSummary | null }) {
  if (coverage === null) return null;
  const bound = isLowerBound(coverage);
  const { totals } = coverage;
  const rows = [
    { what: 'Records stored', value: totals.stored, href: '/topics', bound },
    { what: 'Not read yet', value: coverage.tap.lag, href: '/topics' },
    { what: 'Undecodable, kept as bytes', value: totals.undecodable, href: '/topics?tab=undecodable', bound },
    { what: 'Without correlation id', value: totals.uncorrelated, href: '/topics?tab=uncorrelated', bound },
    { what: 'Holes', value: coverage.holes, href: '/topics?tab=holes' },
    ...(totals.damaged === '0'
      ? []
      : [{ what: 'Stored, bytes damaged', value: totals.damaged, href: '/topics?tab=holes' }]),
    ...(totals.expired === '0' ? [] : [{ what: 'Expired, counted before', value: totals.expired, href: '/topics' }]),
    { what: 'Topics watched', value: totals.topics, href: '/topics' },
  ];
  return (
    <section aria-label="What is stored">
      <div className="sec">
        <h3>What is stored</h3>
        <span className="sp">in all</span>
      </div>
      <ul className="facts">
        {rows.map((row) => (
          <li key={row.what}>
            {row.what}
            <Num value={row.value} href={row.href} bound={row.bound ?? false} />
          </li>
        ))}
      </ul>
    </section>
  );
}
