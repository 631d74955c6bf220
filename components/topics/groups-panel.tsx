'use client';

import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { ConsumerGroup } from '@/server/model/consumer-group-wire.ts';
import { GroupDetail } from './group-detail.tsx';
import { worstFirst } from './group-lag-words.ts';
import { GroupRow } from './group-row.tsx';
import { useGroups } from './groups-provider.tsx';
import { WatchNote } from './watch-note.tsx';

/** Every consumer group, the one that waits longest first; the chosen one with its members and partitions. */
export function GroupsPanel() {
  const { data, refresh } = useGroups();
  const topic = useSearchParams().get('topic');
  const [selected, select] = useSelection();
  const list = data.value;
  const groups = list === null ? [] : worstFirst(list.groups).filter((group) => reads(group, topic));
  const move = (by: number) => {
    const at = groups.findIndex(({ group }) => group === selected);
    select(groups[Math.max(0, Math.min(groups.length - 1, at < 0 ? 0 : at + by))]?.group ?? null);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    arrowdown: () => move(1),
    arrowup: () => move(-1),
    escape: () => select(null),
  });
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
      {groups.length === 0 ? null : <Table groups={groups} selected={selected} onSelect={select} />}
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

function Table({
  groups,
  selected,
  onSelect,
}: {
  groups: readonly ConsumerGroup[];
  selected: string | null;
  onSelect: (group: string) => void;
}) {
  const tabbed = groups.find(({ group }) => group === selected) ?? groups[0];
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table whose rows are moved through and chosen.
    <table className="tbl" role="grid" aria-label="Consumer groups">
      <colgroup>
        <col />
        <col className="w-[140px] max-[599px]:w-[34px]" />
        <col className="w-[86px] phone-off" />
        <col className="w-[28%] phone-off" />
        <col className="w-[104px] max-[599px]:w-[72px]" />
        <col className="w-[124px] max-[599px]:w-[104px]" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Group</th>
          <th scope="col" aria-label="State">
            <span className="phone-off">State</span>
          </th>
          <th scope="col" className="num phone-off">
            Members
          </th>
          <th scope="col" className="phone-off">
            Topics
          </th>
          <th scope="col" className="num">
            Lag
          </th>
          <th scope="col" className="num f0" aria-sort="descending">
            In time ↓
          </th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <GroupRow
            key={group.group}
            group={group}
            selected={group.group === selected}
            tabbed={group === tabbed}
            onSelect={onSelect}
          />
        ))}
      </tbody>
    </table>
  );
}
