import { Num } from '@/components/ui/num.tsx';
import type { Coverage } from '@/server/model/wire.ts';

/** What is stored in all; every number opens what it counts. */
export function StoredFacts({ coverage }: { coverage: Coverage | null }) {
  if (coverage === null) return null;
  const bound = coverage.holes > 0;
  const topics = new Set(coverage.partitions.filter((partition) => !partition.gone).map((partition) => partition.topic))
    .size;
  const rows = [
    { what: 'Records stored', value: coverage.totals.stored, href: '/topics', bound },
    { what: 'Not read yet', value: coverage.tap.lag, href: '/topics' },
    { what: 'Undecodable, kept as bytes', value: coverage.totals.undecodable, href: '/topics?tab=undecodable', bound },
    { what: 'Without correlation id', value: coverage.totals.uncorrelated, href: '/topics?tab=uncorrelated', bound },
    { what: 'Holes', value: coverage.holes, href: '/topics?tab=holes' },
    { what: 'Topics watched', value: topics, href: '/topics' },
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
