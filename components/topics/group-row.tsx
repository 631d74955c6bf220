'use client';

import { useEffect, useRef } from 'react';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { StateMark, StateTag } from '@/components/ui/state-mark.tsx';
import type { ConsumerGroup } from '@/server/model/consumer-group-wire.ts';
import { groupState, lagRecords, lagTime, lagWithin } from './group-lag-words.ts';

interface GroupRowProps {
  readonly group: ConsumerGroup;
  readonly selected: boolean;
  readonly tabbed: boolean;
  readonly onSelect: (group: string) => void;
}

/** One group of the list. */
export function GroupRow({ group, selected, tabbed, onSelect }: GroupRowProps) {
  const row = useRef<HTMLTableRowElement>(null);
  useEffect(() => {
    if (selected) row.current?.focus({ preventScroll: true });
  }, [selected]);
  const { mark, word } = groupState(group);
  const ink = mark === 'stalled' ? 'st-stalled' : group.lag === '0' ? 'f1' : '';
  return (
    <tr
      ref={row}
      data-href=""
      aria-selected={selected}
      tabIndex={tabbed ? 0 : -1}
      onClick={() => onSelect(group.group)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onSelect(group.group);
      }}
    >
      <td>
        <Identifier text={group.group} className="m" />
        {group.own ? <span className="f2 t12"> the tap itself</span> : null}
      </td>
      <td title={group.undescribable ?? group.trouble ?? undefined}>
        <span className="phone-off">
          <StateTag kind={mark} word={word} />
        </span>
        <span className="narrow-only" role="img" aria-label={word}>
          <StateMark kind={mark} />
        </span>
      </td>
      <td className="num f1 phone-off">{group.member_count === null ? '–' : formatCount(group.member_count)}</td>
      <td className="t12 f1 phone-off">
        <Topics group={group} />
      </td>
      <td className={`num ${ink}`}>{lagRecords(group)}</td>
      <td className={`num ${ink}`} title={lagWithin(group)}>
        {lagTime(group)}
      </td>
    </tr>
  );
}

function Topics({ group: { topics } }: { group: ConsumerGroup }) {
  const [first] = topics;
  if (first === undefined) return <span className="f2">none committed</span>;
  return (
    <>
      <Identifier text={first.topic} className="m" />
      {topics.length === 1 ? null : <span className="f2"> and {formatCount(topics.length - 1)} more</span>}
    </>
  );
}
