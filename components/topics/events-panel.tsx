'use client';

import Link from 'next/link';
import { useState } from 'react';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
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
  const [older, setOlder] = useState<{
    readonly events: readonly EventSummary[];
    readonly cursor: string | null;
  } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  if (data.value === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Events" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={8} height={30} />
    );
  const events = [
    ...data.value.events,
    ...(older?.events ?? []).filter((event) => data.value?.events.every((shown) => shown.id !== event.id)),
  ];
  if (events.length === 0)
    return (
      <PanelState mark="done" title={WORDS[has].none}>
        <p>{WORDS[has].why}</p>
      </PanelState>
    );
  const cursor = older === null ? data.value.next_cursor : older.cursor;
  const more = () => {
    if (cursor === null) return;
    setProblem(null);
    fetchApi<EventList>(`${path}&${new URLSearchParams({ cursor })}`).then(
      (page) => setOlder({ events: [...(older?.events ?? []), ...page.events], cursor: page.next_cursor }),
      (error: unknown) => setProblem(error instanceof Error ? error.message : 'Older events could not be read'),
    );
  };
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <table className="tbl" aria-label={has}>
        <colgroup>
          <col className="w-[150px] max-[599px]:w-[92px]" />
          <col className="w-[26%] phone-off" />
          <col />
          <col className="w-[18%] phone-off" />
          <col className="w-[130px] max-[599px]:w-[104px]" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Stored</th>
            <th scope="col" className="phone-off">
              Event type
            </th>
            <th scope="col">Record</th>
            <th scope="col" className="phone-off">
              Service
            </th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td className="f1">
                <Instant at={event.stored_at} />
              </td>
              <td className="phone-off">
                <Identifier text={event.event_type} className="m" />
              </td>
              <td>
                <Link className="x" href={`/traces/key:${event.trace_key}?${new URLSearchParams({ sel: event.id })}`}>
                  <Identifier text={event.topic} className="m" />
                  <span className="m f2">
                    {' '}
                    / {event.partition} @ {event.offset}
                  </span>
                </Link>
              </td>
              <td className="t12 f1 phone-off">
                <Identifier text={event.service ?? '–'} />
              </td>
              <td className="t12">{event.reason ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {cursor === null ? null : (
        <div className="tools">
          <button type="button" className="ctl" onClick={more}>
            Older
          </button>
          {problem === null ? null : <span className="note">{problem}</span>}
        </div>
      )}
    </>
  );
}
