'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import type { Loaded } from '@/components/live/loaded.ts';
import { useCoverage } from '@/components/shell/coverage-provider.tsx';
import { isLowerBound } from '@/components/ui/lower-bound.ts';
import { Num } from '@/components/ui/num.tsx';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import type { CoverageSummary } from '@/server/model/wire.ts';
import { EVENT_GROUPS, type EventGroup } from './event-query.ts';
import { EventsPanel } from './events-panel.tsx';
import { GroupsPanel } from './groups-panel.tsx';
import { GroupsProvider, useGroups } from './groups-provider.tsx';
import { OffsetsLegend } from './offsets-legend.tsx';
import type { PartitionPage } from './partition-page.ts';
import { PartitionsPanel } from './partitions-panel.tsx';
import { StoredVerdict } from './stored-verdict.tsx';

const TABS = ['partitions', 'groups', 'holes', ...EVENT_GROUPS] as const;
type Tab = (typeof TABS)[number];
const NAMES: Record<Tab, string> = {
  partitions: 'Partitions',
  groups: 'Consumer groups',
  holes: 'Holes',
  undecodable: 'Undecodable',
  uncorrelated: 'Uncorrelated',
  telemetry: 'Telemetry',
  events: 'All events',
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
              {NAMES[one]} <Count tab={one} coverage={coverage} groups={groups?.watch.group_count ?? null} />
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
      {isEventGroup(tab) ? <EventsPanel key={tab} group={tab} /> : null}
    </>
  );
}

function isEventGroup(tab: Tab): tab is EventGroup {
  return EVENT_GROUPS.some((group) => group === tab);
}

/** How many there are of what a tab lists, where that is known in all; with ≥ where more may be unread. */
function Count({ tab, coverage, groups }: { tab: Tab; coverage: CoverageSummary; groups: number | null }) {
  const { totals, holes } = coverage;
  switch (tab) {
    case 'partitions':
      return <Num value={totals.partitions} />;
    case 'groups':
      return groups === null ? null : <Num value={groups} />;
    case 'holes':
      return <Num value={holes} />;
    case 'undecodable':
    case 'uncorrelated':
      return <Num value={totals[tab]} bound={isLowerBound(coverage)} />;
    case 'events':
      return <Num value={totals.stored} bound={isLowerBound(coverage)} />;
    case 'telemetry':
      return null;
  }
}

function withTab(params: URLSearchParams, tab: Tab): string {
  const next = new URLSearchParams(params);
  next.set('tab', tab);
  // What was chosen on one tab means nothing on another.
  for (const name of ['reason', 'sel', 'within']) next.delete(name);
  return next.toString();
}
