'use client';

import Link from 'next/link';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
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

function Partitions({ topics }: { topics: readonly GroupTopic[] }) {
  return (
    <table className="tbl" aria-label="Partitions">
      <colgroup>
        <col />
        <col className="w-[110px] phone-off" />
        <col className="w-[110px] phone-off" />
        <col className="w-[96px]" />
        <col className="w-[120px]" />
        <col className="w-[250px] phone-off" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Topic, partition</th>
          <th scope="col" className="num phone-off">
            Committed
          </th>
          <th scope="col" className="num phone-off">
            End
          </th>
          <th scope="col" className="num">
            Lag
          </th>
          <th scope="col" className="num">
            In time
          </th>
          <th scope="col" className="num phone-off">
            Last moved
          </th>
        </tr>
      </thead>
      <tbody>
        {topics.flatMap((topic) =>
          (topic.partitions ?? []).map((partition) => (
            <PartitionOf key={`${topic.topic}~${topic.n}/${partition.partition}`} topic={topic} partition={partition} />
          )),
        )}
      </tbody>
    </table>
  );
}

function PartitionOf({ topic, partition }: { topic: GroupTopic; partition: GroupPartition }) {
  return (
    <tr>
      <td>
        <Link className="x" href={`/topics?${new URLSearchParams({ topic: topic.topic })}`}>
          <Identifier text={topic.topic} className="m" />
        </Link>{' '}
        <span className="m f2">/ {partition.partition}</span>
      </td>
      <td className="num phone-off">
        {partition.committed === null ? <None partition={partition} /> : formatCount(partition.committed)}
      </td>
      <td className="num f1 phone-off">{partition.high === null ? '–' : formatCount(partition.high)}</td>
      <td className="num">{lagRecords(partition)}</td>
      <td className="num" title={lagWithin(partition)}>
        {lagTime(partition)}
      </td>
      <td className="num phone-off">
        {partition.changed_before === null ? (
          <span className="f2">–</span>
        ) : (
          <span
            title={
              partition.changed_after === null
                ? 'It was so when it was first looked at.'
                : `After ${partition.changed_after}.`
            }
          >
            <Instant at={partition.changed_before} relative />
          </span>
        )}
      </td>
    </tr>
  );
}

function None({ partition: { foreign } }: { partition: GroupPartition }) {
  if (foreign === null) return <span className="f2">none</span>;
  return (
    <span className="f2" title={`Kafka still tells ${foreign}, which belongs to a former life of the topic.`}>
      none of this life
    </span>
  );
}
