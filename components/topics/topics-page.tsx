'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import type { Loaded } from '@/components/live/loaded.ts';
import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { formatCount } from '@/components/ui/format-number.ts';
import { isLowerBound } from '@/components/ui/lower-bound.ts';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import type { CoverageSummary } from '@/server/model/wire.ts';
import { EventsPanel } from './events-panel.tsx';
import { GroupsPanel } from './groups-panel.tsx';
import { GroupsProvider, useGroups } from './groups-provider.tsx';
import { OffsetsLegend } from './offsets-legend.tsx';
import type { PartitionPage } from './partition-page.ts';
import { PartitionsPanel } from './partitions-panel.tsx';
import { StoredVerdict } from './stored-verdict.tsx';

const TABS = ['partitions', 'groups', 'holes', 'undecodable', 'uncorrelated'] as const;
type Tab = (typeof TABS)[number];
const NAMES: Record<Tab, string> = {
  partitions: 'Partitions',
  groups: 'Consumer groups',
  holes: 'Holes',
  undecodable: 'Undecodable',
  uncorrelated: 'Uncorrelated',
};

/** What is stored of every topic, offset by offset, what is not, and who reads it. */
export function TopicsPage({ initial }: { initial: Loaded<PartitionPage> }) {
  return (
    <GroupsProvider>
      <Parts initial={initial} />
    </GroupsProvider>
  );
}

function Parts({ initial }: { initial: Loaded<PartitionPage> }) {
  const params = useSearchParams();
  const { data, refresh } = useCoverage();
  const groups = useGroups().data.value;
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
      <StoredVerdict coverage={coverage} />
      <div className="tools">
        <nav className="seg" aria-label="Parts of this page">
          {TABS.map((one) => (
            <Link key={one} href={`/topics?${withTab(params, one)}`} aria-current={one === tab ? 'page' : undefined}>
              {NAMES[one]}{' '}
              <span className="m">
                {bounded.includes(one) && isLowerBound(coverage) ? '≥ ' : ''}
                {one === 'groups' ? (groups?.watch.group_count ?? '') : formatCount(countOf(coverage, one))}
              </span>
            </Link>
          ))}
        </nav>
        {tab === 'partitions' ? <OffsetsLegend /> : null}
      </div>
      {tab === 'partitions' || tab === 'holes' ? (
        <PartitionsPanel
          key={tab}
          topic={params.get('topic')}
          holes={tab === 'holes'}
          total={coverage.totals.partitions}
          {...(tab === 'partitions' ? { initial } : {})}
        />
      ) : null}
      {tab === 'groups' ? <GroupsPanel /> : null}
      {tab === 'undecodable' || tab === 'uncorrelated' ? <EventsPanel key={tab} has={tab} /> : null}
    </>
  );
}

const bounded: readonly Tab[] = ['undecodable', 'uncorrelated'];

function countOf({ totals, holes }: CoverageSummary, tab: Exclude<Tab, 'groups'>): number | string {
  if (tab === 'partitions') return totals.partitions;
  return tab === 'holes' ? holes : totals[tab];
}

function withTab(params: URLSearchParams, tab: Tab): string {
  const next = new URLSearchParams(params);
  next.set('tab', tab);
  return next.toString();
}
