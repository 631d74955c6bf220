'use client';

import Link from 'next/link';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { LoadingRows, PanelFailed } from '@/components/ui/panel-state.tsx';
import type {
  ConsumerGroup,
  ConsumerGroupList,
  GroupPartition,
  GroupTopic,
} from '@/server/model/consumer-group-wire.ts';
import { lagRecords, lagTime, lagWithin } from './group-lag-words.ts';

/** One group: who its members are, and how far it is on each partition. */
export function GroupDetail({ group }: { group: ConsumerGroup }) {
  const path = `/api/v1/consumer-groups?${new URLSearchParams({ group: group.group, include: 'partitions' })}`;
  const { data, refresh } = useLiveData<ConsumerGroupList>({
    query: path,
    initial: LOADING,
    load: (signal) => fetchApi<ConsumerGroupList>(path, signal),
    everyMs: 5000,
    pollMs: 5000,
  });
  const whole = data.value?.groups.find((one) => one.group === group.group);
  return (
    <section aria-label={`Group ${group.group}`}>
      <div className="sec">
        <h3 className="m el">
          <Identifier text={group.group} />
        </h3>
        <span className="el">{aboutOf(group)}</span>
        <span className="sp phone-off">
          first seen <Instant at={group.first_seen_at} />
        </span>
      </div>
      {group.undescribable === null && group.trouble === null ? null : (
        <p className="px-5 py-2 t12 f1">{group.trouble ?? group.undescribable}</p>
      )}
      <Members group={group} />
      {whole === undefined && data.kind === 'failed' ? (
        <PanelFailed what="Partitions" problem={data.problem} onRetry={refresh} />
      ) : null}
      {whole === undefined && data.kind !== 'failed' ? <LoadingRows rows={3} height={30} /> : null}
      {whole?.topics.length ? <Partitions topics={whole.topics} /> : null}
    </section>
  );
}

function aboutOf({ type, member_count, topics }: ConsumerGroup): string {
  const protocol = type === 'consumer' ? 'protocol of KIP-848' : type === null ? null : `${type} protocol`;
  const members = member_count === null ? 'members not known' : formatCounted(member_count, 'member');
  return [protocol, members, formatCounted(topics.length, 'topic')].filter((part) => part !== null).join(', ');
}

function Members({ group: { members, member_count } }: { group: ConsumerGroup }) {
  if (members.length === 0) return null;
  const more = (member_count ?? members.length) - members.length;
  return (
    <p className="px-5 py-2 t12 f1">
      {members.map(({ client_id, host, instance_id }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: members of one client on one host are told apart by nothing else.
        <span key={`${client_id}${host}${index}`} className="mr-4 inline-block">
          <Identifier text={client_id} className="m f0" />{' '}
          <Identifier text={host.replace(/^\//, '')} className="m f2" />
          {instance_id === null ? null : <Identifier text={` ${instance_id}`} className="m f2" />}
        </span>
      ))}
      {more > 0 ? <span className="f2">and {formatCount(more)} more</span> : null}
    </p>
  );
}

interface Row {
  readonly topic: GroupTopic;
  readonly partition: GroupPartition;
}

function Partitions({ topics }: { topics: readonly GroupTopic[] }) {
  const rows = topics.flatMap((topic) => (topic.partitions ?? []).map((partition) => ({ topic, partition })));
  return (
    <DataTable
      label="Partitions"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ topic, partition }) => `${topic.topic}~${topic.n}/${partition.partition}`}
    />
  );
}

const COLUMNS: readonly Column<Row>[] = [
  {
    name: 'Topic, partition',
    cell: ({ topic, partition }) => (
      <>
        <Link className="x" href={`/topics?${new URLSearchParams({ topic: topic.topic })}`}>
          <Identifier text={topic.topic} className="m" />
        </Link>{' '}
        <span className="m f2">/ {partition.partition}</span>
      </>
    ),
  },
  {
    name: 'Committed',
    width: 'w-[110px]',
    num: true,
    phoneOff: true,
    cell: ({ partition }) =>
      partition.committed === null ? <None partition={partition} /> : formatCount(partition.committed),
  },
  {
    name: 'End',
    width: 'w-[110px]',
    num: true,
    phoneOff: true,
    ink: 'f1',
    cell: ({ partition }) => (partition.high === null ? '–' : formatCount(partition.high)),
  },
  { name: 'Lag', width: 'w-[96px]', num: true, cell: ({ partition }) => lagRecords(partition) },
  {
    name: 'In time',
    width: 'w-[120px]',
    num: true,
    title: ({ partition }) => lagWithin(partition),
    cell: ({ partition }) => lagTime(partition),
  },
  {
    name: 'Last moved',
    width: 'w-[250px]',
    num: true,
    phoneOff: true,
    title: ({ partition }) => movedWithin(partition),
    cell: ({ partition }) =>
      partition.changed_before === null ? (
        <span className="f2">–</span>
      ) : (
        <Instant at={partition.changed_before} relative />
      ),
  },
];

function movedWithin({ changed_before: before, changed_after: after }: GroupPartition): string | undefined {
  if (before === null) return undefined;
  return after === null ? 'It was so when it was first looked at.' : `After ${after}.`;
}

function None({ partition: { foreign } }: { partition: GroupPartition }) {
  if (foreign === null) return <span className="f2">none</span>;
  return (
    <span className="f2" title={`Kafka still tells ${foreign}, which belongs to a former life of the topic.`}>
      none of this life
    </span>
  );
}
