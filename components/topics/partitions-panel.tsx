'use client';

import type { Loaded } from '@/components/live/loaded.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { MoreButton } from '@/components/ui/more-button.tsx';
import { KeptNote, LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import { HolesTable } from './holes-table.tsx';
import type { PartitionPage } from './partition-page.ts';
import { TopicList } from './topic-list.tsx';
import { usePartitions } from './use-partitions.ts';

interface PartitionsPanelProps {
  readonly topic: string | null;
  /** Holes and damaged records of the partitions that have any, instead of their offsets. */
  readonly holes: boolean;
  /** Partitions there are in all. */
  readonly total: number;
  readonly initial?: Loaded<PartitionPage>;
}

/** Partition by partition what is stored, or what is not; page by page, a cluster has thousands. */
export function PartitionsPanel({ topic, holes, total, initial }: PartitionsPanelProps) {
  const { data, refresh, partitions, more } = usePartitions({ topic, withHoles: holes }, initial);
  if (partitions === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Partitions" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={12} height={52} />
    );
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      {holes ? (
        <HolesTable partitions={partitions} watched={total} />
      ) : (
        <TopicList partitions={partitions} topic={topic} />
      )}
      <MoreButton
        {...more}
        words="More partitions"
        note={holes ? '' : `${formatCount(partitions.length)} of ${formatCount(total)} are shown`}
      />
    </>
  );
}
