import Link from 'next/link';
import { formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { PanelState } from '@/components/ui/panel-state.tsx';
import type { PartitionCoverage } from '@/server/model/wire.ts';
import { PartitionRow } from './partition-row.tsx';
import { TopicGroups } from './topic-groups.tsx';

/** Every topic with its partitions; only one topic when the address names it. */
export function TopicList({ partitions, topic }: { partitions: readonly PartitionCoverage[]; topic: string | null }) {
  const groups = grouped(partitions);
  if (partitions.length === 0 && topic === null) return <PanelState mark="running" title="No topic is visible yet" />;
  const shown = [...groups.values()];
  return (
    <>
      {topic === null ? null : (
        <div className="tools">
          <Link className="ctl" href="/topics">
            <span className="f2">topic</span> <Identifier text={topic} className="m f0" /> ×
          </Link>
        </div>
      )}
      {shown.map((partitions) => (
        <Topic key={`${partitions[0]?.topic}~${partitions[0]?.n}`} partitions={partitions} />
      ))}
      {shown.length === 0 ? <PanelState mark="unknown" title="No partition of this topic is known" /> : null}
    </>
  );
}

/** Partitions by topic and incarnation: a topic made anew is another one. */
function grouped(partitions: readonly PartitionCoverage[]): Map<string, PartitionCoverage[]> {
  const groups = new Map<string, PartitionCoverage[]>();
  for (const partition of partitions)
    groups.set(`${partition.topic}~${partition.n}`, [
      ...(groups.get(`${partition.topic}~${partition.n}`) ?? []),
      partition,
    ]);
  return groups;
}

function Topic({ partitions }: { partitions: readonly PartitionCoverage[] }) {
  const [first] = partitions;
  if (first === undefined) return null;
  return (
    <section>
      <div className="sec">
        <h3 className="m el">
          <Identifier text={first.topic} />
        </h3>
        <span>
          {formatCounted(partitions.length, 'partition')}
          {first.n > 1 ? `, incarnation ${first.n}` : ''}
          {first.gone ? ', gone from the cluster' : ''}
        </span>
        <span className="sp">
          <TopicGroups topic={first.topic} n={first.n} />
        </span>
        <Link className="u phone-off" href={`/traces?${new URLSearchParams({ topic: first.topic })}`}>
          Traces
        </Link>
      </div>
      {partitions.map((partition) => (
        <PartitionRow key={partition.partition} partition={partition} />
      ))}
    </section>
  );
}
