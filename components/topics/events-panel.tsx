'use client';

import Link from 'next/link';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { type Column, DataTable } from '@/components/ui/data-table.tsx';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { MoreButton } from '@/components/ui/more-button.tsx';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { joinPages, useOlder } from '@/components/ui/use-older.ts';
import type { EventList, EventSummary } from '@/server/model/wire.ts';

const WORDS = {
  undecodable: {
    none: 'No undecodable record',
    why: 'A record whose body cannot be read is stored with its bytes and the reason, and listed here.',
  },
  uncorrelated: {
    none: 'No uncorrelated record',
    why: 'A record that names no correlation id belongs to no trace, and is listed here.',
  },
} as const;

/** The events behind a count: records with a reason, newest first. */
export function EventsPanel({ has }: { has: 'undecodable' | 'uncorrelated' }) {
  const path = `/api/v1/events?${new URLSearchParams({ has, clock: 'stored', limit: '100' })}`;
  const { data, refresh } = useLiveData<EventList>({
    query: path,
    initial: LOADING,
    load: (signal) => fetchApi<EventList>(path, signal),
    everyMs: 3000,
  });
  const older = useOlder(path, data.value?.next_cursor ?? null, async (cursor) => {
    const page = await fetchApi<EventList>(`${path}&${new URLSearchParams({ cursor })}`);
    return { rows: page.events, next_cursor: page.next_cursor };
  });
  if (data.value === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Events" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={8} height={30} />
    );
  const events = joinPages(data.value.events, older.rows, (event) => event.id);
  if (events.length === 0)
    return (
      <PanelState mark="done" title={WORDS[has].none}>
        <p>{WORDS[has].why}</p>
      </PanelState>
    );
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <DataTable label={has} columns={COLUMNS} rows={events} keyOf={(event) => event.id} />
      <MoreButton {...older} words="Older" />
    </>
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
    width: 'w-[26%]',
    phoneOff: true,
    cell: (event) => <Identifier text={event.event_type} className="m" />,
  },
  {
    name: 'Record',
    cell: (event) => (
      <Link className="x" href={`/traces/key:${event.trace_key}?${new URLSearchParams({ sel: event.id })}`}>
        <Identifier text={event.topic} className="m" />
        <span className="m f2">
          {' '}
          / {event.partition} @ {event.offset}
        </span>
      </Link>
    ),
  },
  {
    name: 'Service',
    width: 'w-[18%]',
    phoneOff: true,
    ink: 't12 f1',
    cell: (event) => <Identifier text={event.service ?? '–'} />,
  },
  { name: 'Reason', width: 'w-[130px] max-[599px]:w-[104px]', ink: 't12', cell: (event) => event.reason ?? '–' },
];
