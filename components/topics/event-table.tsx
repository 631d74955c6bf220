'use client';

import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { REASON_SENTENCES, REASON_WORDS } from '@/components/ui/reason-words.ts';
import type { EventSummary } from '@/server/model/wire.ts';

interface EventTableProps {
  readonly label: string;
  readonly events: readonly EventSummary[];
  /** Record id of the one that is looked into. */
  readonly selected: string | null;
  readonly onSelect: (id: string) => void;
}

/** Stored events; one of them is looked into beside the list. */
export function EventTable({ label, events, selected, onSelect }: EventTableProps) {
  return (
    <DataTable
      label={label}
      columns={selected === null ? COLUMNS : COLUMNS.filter(({ name }) => name !== 'Service')}
      rows={events}
      keyOf={(event) => event.id}
      grid={{ selected, onSelect }}
    />
  );
}

const COLUMNS: readonly Column<EventSummary>[] = [
  {
    name: 'Stored',
    width: 'w-[150px] max-[599px]:w-[92px]',
    ink: 'f1',
    cell: (event) => <Instant at={event.stored_at} />,
  },
  {
    name: 'Event type',
    width: 'w-[24%]',
    phoneOff: true,
    cell: (event) => <Identifier text={event.event_type} className="m" />,
  },
  {
    name: 'Record',
    cell: (event) => (
      <>
        <Identifier text={event.topic} className="m" />
        <span className="m f2">
          {' '}
          / {event.partition} @ {event.offset}
        </span>
      </>
    ),
  },
  {
    name: 'Service',
    width: 'w-[16%]',
    phoneOff: true,
    ink: 't12 f1',
    cell: (event) => <Identifier text={event.service ?? '–'} />,
  },
  {
    name: 'Reason',
    width: 'w-[200px] max-[599px]:w-[112px]',
    ink: 't12',
    title: ({ reason }) => (reason === null ? undefined : REASON_SENTENCES[reason]),
    cell: ({ reason }) => (reason === null ? <span className="f2">–</span> : REASON_WORDS[reason]),
  },
];
