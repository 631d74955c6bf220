'use client';

import Link from 'next/link';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { groupState, groupsOfTopic, lagRecords, lagTime, lagWithin } from './group-lag-words.ts';
import { useGroups } from './groups-provider.tsx';

/** Who reads a topic, and how far the one behind most is behind. */
export function TopicGroups({ topic, n }: { topic: string; n: number }) {
  const { data } = useGroups();
  if (data.value === null) return null;
  const found = groupsOfTopic(data.value.groups, topic, n);
  const [worst] = found;
  if (worst === undefined) return <span className="f2 phone-off">no group reads it</span>;
  const standing = groupState({ state: worst.group.state, lag: worst.topic.lag }).mark === 'stalled';
  const ink = standing ? 'st-stalled' : worst.topic.lag === '0' ? 'f1' : 'f0';
  return (
    <span className="flex items-baseline gap-3">
      <Link className="x el phone-off" href={`/topics?${hrefOf(found.length === 1 ? worst.group.group : null, topic)}`}>
        {found.length === 1 ? (
          <Identifier text={worst.group.group} className="m" />
        ) : (
          <>
            <span className="m">{formatCount(found.length)}</span> groups
          </>
        )}
      </Link>
      <span className={ink} title={lagWithin(worst.topic)}>
        <span className="f2">lag</span> <span className="m">{lagRecords(worst.topic)}</span>{' '}
        {worst.topic.lag_s === 0 || worst.topic.lag_s === null ? null : (
          <>
            <span className="f2">for</span> <span className="m">{lagTime(worst.topic)}</span>
          </>
        )}
      </span>
    </span>
  );
}

function hrefOf(group: string | null, topic: string): URLSearchParams {
  return new URLSearchParams({ tab: 'groups', ...(group === null ? { topic } : { sel: group }) });
}
