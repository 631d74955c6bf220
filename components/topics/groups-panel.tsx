'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { ConsumerGroup } from '@/server/model/consumer-group-wire.ts';
import { GroupDetail } from './group-detail.tsx';
import { worstFirst } from './group-lag-words.ts';
import { GroupTable } from './group-table.tsx';
import { useGroups } from './groups-provider.tsx';
import { WatchNote } from './watch-note.tsx';

/** Every consumer group, the one that waits longest first; the chosen one with its members and partitions. */
export function GroupsPanel() {
  const { data, refresh } = useGroups();
  const topic = useSearchParams().get('topic');
  const [selected, select] = useSelection();
  const list = data.value;
  const groups = list === null ? [] : worstFirst(list.groups).filter((group) => reads(group, topic));
  useRowKeys(
    groups.map(({ group }) => group),
    selected,
    select,
  );
  if (list === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Consumer groups" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={8} height={30} />
    );
  const chosen = groups.find(({ group }) => group === selected);
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <WatchNote watch={list.watch} />
      {topic === null ? null : (
        <div className="tools">
          <Link className="ctl" href="/topics?tab=groups">
            <span className="f2">topic</span> <Identifier text={topic} className="m f0" /> ×
          </Link>
        </div>
      )}
      {groups.length === 0 ? <NoGroup topic={topic} sampled={list.watch.sampled_at !== null} /> : null}
      {groups.length === 0 ? null : <GroupTable groups={groups} selected={selected} onSelect={select} />}
      {list.next_cursor === null ? null : (
        <p className="note px-5 py-2">
          The first {formatCount(list.groups.length)} by name of {formatCounted(list.watch.group_count, 'group')}.
        </p>
      )}
      {chosen === undefined ? null : <GroupDetail key={chosen.group} group={chosen} />}
    </>
  );
}

function reads({ topics }: ConsumerGroup, topic: string | null): boolean {
  return topic === null || topics.some((one) => one.topic === topic);
}

function NoGroup({ topic, sampled }: { topic: string | null; sampled: boolean }) {
  if (!sampled) return <PanelState mark="running" title="Consumer groups have not been looked at yet" />;
  return (
    <PanelState
      mark="unknown"
      title={topic === null ? 'No consumer group' : 'No consumer group has committed on this topic'}
    >
      <p>A group is seen once it has joined or committed. Readers that do neither leave no trace on the brokers.</p>
    </PanelState>
  );
}
