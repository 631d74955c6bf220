import { formatCounted } from '@/components/ui/format-number.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { CoverageSummary } from '@/server/model/wire.ts';

/** What is connected and what is awaited, while nothing is stored. */
export function FirstRun({ coverage }: { coverage: CoverageSummary | null }) {
  const { topics, partitions } = coverage?.totals ?? { topics: 0, partitions: 0 };
  const steps = [
    { done: true, what: 'Brokers answer', fact: coverage?.cluster?.name ?? '' },
    {
      done: topics > 0,
      what: 'Topics visible',
      fact: topics > 0 ? `${topics}, ${formatCounted(partitions, 'partition')}` : 'none yet',
    },
    { done: false, what: 'First record', fact: 'not yet' },
    { done: false, what: 'First two events with one correlation id', fact: 'not yet' },
  ];
  return (
    <ul className="checks">
      {steps.map((step) => (
        <li key={step.what}>
          <StateMark kind={step.done ? 'done' : 'running'} />
          <span>{step.what}</span>
          <span className="m f1">{step.fact}</span>
        </li>
      ))}
    </ul>
  );
}
