import { formatCounted } from '@/components/ui/format-number.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { Coverage } from '@/server/model/wire.ts';

/** What is connected and what is awaited, while nothing is stored. */
export function FirstRun({ coverage }: { coverage: Coverage | null }) {
  const partitions = coverage?.partitions ?? [];
  const topics = new Set(partitions.map((partition) => partition.topic)).size;
  const steps = [
    { done: true, what: 'Brokers answer', fact: coverage?.cluster?.name ?? '' },
    {
      done: topics > 0,
      what: 'Topics visible',
      fact: topics > 0 ? `${topics}, ${formatCounted(partitions.length, 'partition')}` : 'none yet',
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
