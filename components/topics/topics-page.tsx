'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { formatDuration } from '@/components/ui/format-duration.ts';
import { formatCount, formatCounted, formatShare } from '@/components/ui/format-number.ts';
import { HATCH } from '@/components/ui/hatch.tsx';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { StateMark } from '@/components/ui/state-mark.tsx';
import { useWidth } from '@/components/ui/use-width.ts';
import type { Coverage, PartitionCoverage } from '@/server/model/wire.ts';
import { EventsPanel } from './events-panel.tsx';
import { offsetsLine } from './offsets-line.ts';

const TABS = ['partitions', 'holes', 'undecodable', 'uncorrelated'] as const;
type Tab = (typeof TABS)[number];
const NAMES: Record<Tab, string> = {
  partitions: 'Partitions',
  holes: 'Holes',
  undecodable: 'Undecodable',
  uncorrelated: 'Uncorrelated',
};

/** What is stored of every topic, offset by offset, and what is not. */
export function TopicsPage() {
  const params = useSearchParams();
  const { data, refresh } = useCoverage();
  const coverage = data.value;
  const wanted = params.get('tab');
  const tab = TABS.find((one) => one === wanted) ?? 'partitions';
  if (coverage === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Coverage" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={12} height={52} />
    );
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <Verdict coverage={coverage} />
      <div className="tools">
        <nav className="seg" aria-label="Parts of this page">
          {TABS.map((one) => (
            <Link key={one} href={`/topics?${withTab(params, one)}`} aria-current={one === tab ? 'page' : undefined}>
              {NAMES[one]} <span className="m">{formatCount(countOf(coverage, one))}</span>
            </Link>
          ))}
        </nav>
        <span className="sp t12 f1 wide-only flex gap-4">
          <Key name="deleted" draw={<path d="M0 4h24" stroke="var(--line-2)" />} />
          <Key name="stored" draw={<path d="M0 4h24" stroke="var(--fg-1)" strokeWidth="2" />} />
          <Key name="missing" draw={<rect y="0" width="24" height="8" fill={HATCH} />} />
          <Key
            name="not read yet"
            draw={<path d="M0 4h24" stroke="var(--line-3)" strokeWidth="2" strokeDasharray="1 4" />}
          />
        </span>
      </div>
      {tab === 'partitions' ? <Partitions coverage={coverage} topic={params.get('topic')} /> : null}
      {tab === 'holes' ? <Holes coverage={coverage} /> : null}
      {tab === 'undecodable' || tab === 'uncorrelated' ? <EventsPanel key={tab} has={tab} /> : null}
    </>
  );
}

function Key({ name, draw }: { name: string; draw: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5">
      <svg width="24" height="8" aria-hidden="true">
        {draw}
      </svg>
      {name}
    </span>
  );
}

function Verdict({ coverage }: { coverage: Coverage }) {
  const live = coverage.partitions.filter((partition) => !partition.gone);
  const topics = new Set(live.map((partition) => partition.topic)).size;
  const missing = coverage.partitions
    .flatMap((partition) => partition.holes)
    .reduce((sum, hole) => sum + BigInt(hole.to) - BigInt(hole.from), 0n);
  const share = coverage.stored_share;
  return (
    <section className="verdict">
      <div>
        <h2>
          <StateMark
            kind={
              topics === 0 ? 'running' : missing > 0n ? 'unknown' : coverage.tap.lag === '0' ? 'flowing' : 'running'
            }
          />
          <span>
            {topics === 0 || share === null ? (
              'No topic is visible yet'
            ) : (
              <>
                Stored <span className="m">{formatShare(share)}</span> of the offsets known
                {missing > 0n ? (
                  <>
                    , <span className="m">{formatCount(String(missing))}</span> are missing for good
                  </>
                ) : null}
              </>
            )}
          </span>
        </h2>
        <p>
          <span className="m">{formatCounted(coverage.totals.stored, 'record')}</span> of{' '}
          <span className="m">{formatCounted(topics, 'topic')}</span> and{' '}
          <span className="m">{formatCounted(live.length, 'partition')}</span>.{' '}
          {coverage.tap.lag === '0'
            ? 'Everything on the brokers is read.'
            : `${formatCount(coverage.tap.lag)} records are not read yet.`}
          {coverage.tap.unreadable.map(({ topic, reason }) => (
            <span key={topic}>
              {' '}
              <Identifier text={topic} className="m" />: {reason}.
            </span>
          ))}
        </p>
      </div>
    </section>
  );
}

function Partitions({ coverage, topic }: { coverage: Coverage; topic: string | null }) {
  const groups = grouped(coverage.partitions);
  if (coverage.partitions.length === 0) return <PanelState mark="running" title="No topic is visible yet" />;
  const shown = [...groups.values()].filter(([first]) => topic === null || first?.topic === topic);
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
        <Link className="sp u phone-off" href={`/traces?${new URLSearchParams({ topic: first.topic })}`}>
          Traces
        </Link>
      </div>
      {partitions.map((partition) => (
        <Partition key={partition.partition} partition={partition} />
      ))}
    </section>
  );
}

function Partition({ partition }: { partition: PartitionCoverage }) {
  const [ref, width] = useWidth<HTMLDivElement>(880);
  const line = offsetsLine(partition, width - 8);
  const words = `stored to ${formatCount(partition.next)}${partition.high === null ? '' : `, high ${formatCount(partition.high)}`}`;
  return (
    <div className="pt">
      <span className="m f1 nw">p {partition.partition}</span>
      <div ref={ref} className="ol min-w-0">
        <svg
          className="txt block w-full overflow-visible"
          height="36"
          role="img"
          aria-label={`Partition ${partition.partition}: ${words}${partition.holes.length === 0 ? '' : `, ${formatCounted(partition.holes.length, 'hole')}`}`}
        >
          {line.segments.map((segment) => (
            <Segment key={`${segment.kind}${segment.x0}`} {...segment} />
          ))}
          {line.lowX === null ? null : <path d={`M${line.lowX} 8v12`} stroke="var(--fg-2)" />}
          <circle cx={line.nextX} cy="14" r="4" fill="var(--fg-0)" />
          <text x={Math.min(line.lowX ?? 0, Math.max(0, width - 330))} y="33">
            {partition.low === null ? '' : `${formatCount(partition.low)} low`}
          </text>
          <text className="f1" x={width - 4} y="33" textAnchor="end">
            {words}
          </text>
        </svg>
      </div>
      <span className="num">
        <Lag partition={partition} />
      </span>
    </div>
  );
}

function Lag({ partition }: { partition: PartitionCoverage }) {
  if (partition.lag === null) return <span className="f2">lag unknown</span>;
  if (partition.lag === '0') return <span className="f2">all read</span>;
  return (
    <>
      {formatCount(partition.lag)} not read{' '}
      <span className="f2">{partition.lag_s === null ? '' : formatDuration(partition.lag_s * 1000)}</span>
    </>
  );
}

function Segment({ kind, x0, x1 }: { kind: 'deleted' | 'stored' | 'missing' | 'unread'; x0: number; x1: number }) {
  switch (kind) {
    case 'deleted':
      return <path d={`M${x0} 14H${x1}`} stroke="var(--line-2)" />;
    case 'stored':
      return <path d={`M${x0} 14H${Math.max(x1, x0 + 1)}`} stroke="var(--fg-0)" strokeWidth="2.5" />;
    case 'missing':
      return <rect x={x0} y="8" width={x1 - x0} height="12" fill={HATCH} />;
    case 'unread':
      return <path d={`M${x0} 14H${x1}`} stroke="var(--line-3)" strokeWidth="2" strokeDasharray="1 4" />;
  }
}

function Holes({ coverage }: { coverage: Coverage }) {
  const holes = coverage.partitions.flatMap((partition) => partition.holes.map((hole) => ({ partition, hole })));
  if (holes.length === 0)
    return (
      <PanelState mark="done" title="No hole">
        <p>Every offset the tap passed is stored. {formatCounted(coverage.partitions.length, 'partition')} watched.</p>
      </PanelState>
    );
  return (
    <table className="tbl" aria-label="Holes">
      <thead>
        <tr>
          <th scope="col">Topic, partition</th>
          <th scope="col" className="num">
            Offsets
          </th>
          <th scope="col" className="num phone-off">
            Records
          </th>
          <th scope="col">Reason</th>
          <th scope="col" className="phone-off">
            Noticed
          </th>
        </tr>
      </thead>
      <tbody>
        {holes.map(({ partition, hole }) => (
          <tr key={`${partition.topic}~${partition.n}/${partition.partition}/${hole.from}`}>
            <td>
              <Identifier text={partition.topic} className="m" /> <span className="m f2">/ {partition.partition}</span>
            </td>
            <td className="num">
              {formatCount(hole.from)} – {formatCount(String(BigInt(hole.to) - 1n))}
            </td>
            <td className="num phone-off">{formatCount(String(BigInt(hole.to) - BigInt(hole.from)))}</td>
            <td>{HOLE_WORDS[hole.reason]}</td>
            <td className="phone-off">
              <Instant at={hole.noticed_at} relative />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const HOLE_WORDS = {
  retention: 'deleted before it was read',
  compaction: 'compacted away',
  'not authorised': 'the tap may not read it',
  'too large': 'larger than the tap may read',
  'identity unknown': 'the topic may have been created anew',
  unknown: 'reason unknown',
} as const;

function countOf(coverage: Coverage, tab: Tab): number | string {
  if (tab === 'partitions') return coverage.partitions.length;
  return tab === 'holes'
    ? coverage.partitions.reduce((sum, partition) => sum + partition.holes.length, 0)
    : coverage.totals[tab];
}

function withTab(params: URLSearchParams, tab: Tab): string {
  const next = new URLSearchParams(params);
  next.set('tab', tab);
  return next.toString();
}
