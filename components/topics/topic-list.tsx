'use client';

import Link from 'next/link';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { PanelState } from '@/components/ui/panel-state.tsx';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { PartitionCoverage } from '@/server/model/wire.ts';
import { PartitionRow } from './partition-row.tsx';
import { type TopicFamily, type TopicLife, topicFamilies, unreadOf } from './topic-families.ts';
import { TopicGroups } from './topic-groups.tsx';

/** Every topic with its partitions, families folded; only one topic when the address names it. */
export function TopicList({ partitions, topic }: { partitions: readonly PartitionCoverage[]; topic: string | null }) {
  const [open, setOpen] = useSelection('family');
  const families = topicFamilies(partitions);
  if (partitions.length === 0 && topic === null) return <PanelState mark="running" title="No topic is visible yet" />;
  return (
    <>
      {topic === null ? null : (
        <div className="tools">
          <Link className="ctl" href="/topics">
            <span className="f2">topic</span> <Identifier text={topic} className="m f0" /> ×
          </Link>
        </div>
      )}
      {families.map((family) =>
        family.topics === 1 ? (
          <Lives key={family.family} lives={family.lives} />
        ) : (
          <Family
            key={family.family}
            family={family}
            open={family.family === open}
            onToggle={() => setOpen(family.family === open ? null : family.family)}
          />
        ),
      )}
      {families.length === 0 ? <PanelState mark="unknown" title="No partition of this topic is known" /> : null}
    </>
  );
}

/** Topics of one family in one row; opened, each with its partitions. */
function Family({ family, open, onToggle }: { family: TopicFamily; open: boolean; onToggle: () => void }) {
  const { lives, topics } = family;
  const unread = unreadOf(family);
  const partitions = lives.reduce((sum, life) => sum + life.partitions.length, 0);
  const holes = lives.reduce((sum, life) => sum + life.partitions.reduce((all, { holes }) => all + holes.length, 0), 0);
  return (
    <section aria-label={`Topics ${family.family}`}>
      <button type="button" className="sec w-full text-left" aria-expanded={open} onClick={onToggle}>
        <span aria-hidden="true">{open ? '▾' : '▸'}</span>
        <h3 className="m el">
          <Identifier text={family.family} />
        </h3>
        <span>
          {formatCounted(topics, 'topic')}, {formatCounted(partitions, 'partition')}
          {holes === 0 ? '' : `, ${formatCounted(holes, 'hole')}`}
        </span>
        <span className="sp m phone-off">
          {unread === null ? 'lag unknown' : unread === '0' ? 'all read' : `${formatCount(unread)} not read`}
        </span>
      </button>
      {open ? <Lives lives={lives} /> : null}
    </section>
  );
}

function Lives({ lives }: { lives: readonly TopicLife[] }) {
  return lives.map((life) => <Topic key={`${life.topic}~${life.n}`} life={life} />);
}

function Topic({ life: { topic, n, partitions } }: { life: TopicLife }) {
  return (
    <section>
      <div className="sec">
        <h3 className="m el">
          <Identifier text={topic} />
        </h3>
        <span>
          {formatCounted(partitions.length, 'partition')}
          {n > 1 ? `, incarnation ${n}` : ''}
          {partitions[0]?.gone ? ', gone from the cluster' : ''}
        </span>
        <span className="sp">
          <TopicGroups topic={topic} n={n} />
        </span>
        <Link className="u phone-off" href={`/traces?${new URLSearchParams({ topic })}`}>
          Traces
        </Link>
      </div>
      {partitions.map((partition) => (
        <PartitionRow key={partition.partition} partition={partition} />
      ))}
    </section>
  );
}
