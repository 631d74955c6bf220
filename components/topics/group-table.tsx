'use client';

import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { StateMark, StateTag } from '@/components/ui/state-mark.tsx';
import type { ConsumerGroup } from '@/server/model/consumer-group-wire.ts';
import { groupState, lagRecords, lagTime, lagWithin } from './group-lag-words.ts';

/** The consumer groups, one of them chosen. */
export function GroupTable({
  groups,
  selected,
  onSelect,
}: {
  groups: readonly ConsumerGroup[];
  selected: string | null;
  onSelect: (group: string) => void;
}) {
  return (
    <DataTable
      label="Consumer groups"
      columns={COLUMNS}
      rows={groups}
      keyOf={({ group }) => group}
      grid={{ selected, onSelect }}
    />
  );
}

const COLUMNS: readonly Column<ConsumerGroup>[] = [
  {
    name: 'Group',
    cell: ({ group, own }) => (
      <>
        <Identifier text={group} className="m" />
        {own ? <span className="f2 t12"> the tap itself</span> : null}
      </>
    ),
  },
  {
    name: 'State',
    head: <span className="phone-off">State</span>,
    width: 'w-[140px] max-[599px]:w-[34px]',
    title: (group) => group.undescribable ?? group.trouble ?? undefined,
    cell: (group) => <State group={group} />,
  },
  {
    name: 'Members',
    width: 'w-[86px]',
    num: true,
    phoneOff: true,
    ink: 'f1',
    cell: ({ member_count }) => (member_count === null ? '–' : formatCount(member_count)),
  },
  { name: 'Topics', width: 'w-[28%]', phoneOff: true, ink: 't12 f1', cell: (group) => <Topics group={group} /> },
  { name: 'Lag', width: 'w-[104px] max-[599px]:w-[72px]', num: true, ink: lagInk, cell: lagRecords },
  {
    name: 'In time',
    head: 'In time ↓',
    sorted: 'descending',
    width: 'w-[124px] max-[599px]:w-[104px]',
    num: true,
    ink: lagInk,
    title: lagWithin,
    cell: lagTime,
  },
];

function lagInk(group: ConsumerGroup): string {
  if (groupState(group).mark === 'stalled') return 'st-stalled';
  return group.lag === '0' ? 'f1' : '';
}

function State({ group }: { group: ConsumerGroup }) {
  const { mark, word } = groupState(group);
  return (
    <>
      <span className="phone-off">
        <StateTag kind={mark} word={word} />
      </span>
      <span className="narrow-only" role="img" aria-label={word}>
        <StateMark kind={mark} />
      </span>
    </>
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
