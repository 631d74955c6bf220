'use client';

import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useNow } from '@/components/live/live-provider.tsx';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCounted } from '@/components/ui/format-number.ts';
import { MoreButton } from '@/components/ui/more-button.tsx';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { resolveRange } from '@/components/ui/time-range.ts';
import { joinPages, useOlder } from '@/components/ui/use-older.ts';
import { useRowKeys } from '@/components/ui/use-row-keys.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { EventList } from '@/server/model/wire.ts';
import { EventAside } from './event-aside.tsx';
import { EventFilters } from './event-filters.tsx';
import { type EventGroup, type EventQuery, eventsPath, readEventQuery, withEventQuery } from './event-query.ts';
import { EventTable } from './event-table.tsx';

/** The events behind a count, newest first, by filters of the address. */
export function EventsPanel({ group }: { group: EventGroup }) {
  const params = useSearchParams();
  const nowMs = useNow();
  const [from, to] = [params.get('from'), params.get('to')];
  const query = readEventQuery(group, params);
  const { label } = resolveRange(from, to, nowMs);
  return (
    <>
      <EventFilters key={JSON.stringify(query)} query={query} label={label} />
      <Events key={JSON.stringify([query, query.inRange && [from, to]])} query={query} />
    </>
  );
}

function Events({ query }: { query: EventQuery }) {
  const params = useSearchParams();
  const pathname = usePathname();
  const nowMs = useNow();
  const path = () => eventsPath(query, resolveRange(params.get('from'), params.get('to'), nowMs));
  const { data, refresh } = useLiveData<EventList>({
    query: 'events',
    initial: LOADING,
    load: (signal) => fetchApi<EventList>(path(), signal),
    everyMs: 3000,
  });
  // While older ones are looked at the list stands still: its first page must end where the second begins.
  const [held, setHeld] = useState<{ readonly list: EventList; readonly path: string } | null>(null);
  const [turn, setTurn] = useState(0);
  const [selected, select] = useSelection();
  const list = held?.list ?? data.value;
  const older = useOlder(String(turn), list?.next_cursor ?? null, async (cursor) => {
    const page = await fetchApi<EventList>(`${held?.path ?? path()}&${new URLSearchParams({ cursor })}`);
    return { rows: page.events, next_cursor: page.next_cursor };
  });
  const events = joinPages(list?.events ?? [], older.rows, (event) => event.id);
  useRowKeys(
    events.map(({ id }) => id),
    selected,
    select,
  );
  if (list === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="Events" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={8} height={30} />
    );
  if (events.length === 0) return <NoEvent query={query} href={`${pathname}?${withEventQuery(params, NO_FILTER)}`} />;
  const load = () => {
    if (held === null) setHeld({ list, path: path() });
    older.load();
  };
  const newer = held !== null && data.value?.events[0]?.id !== held.list.events[0]?.id;
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <div className="sec">
        <h3>Newest first</h3>
        <span className="el">
          {formatCounted(events.length, 'event')}
          {older.more ? ' so far' : ''}
          {list.coverage.lower_bound ? ', a lower bound' : ''}
        </span>
        {newer ? (
          <button
            type="button"
            className="ctl"
            style={{ height: 22 }}
            onClick={() => {
              setHeld(null);
              setTurn(turn + 1);
            }}
          >
            Show newer
          </button>
        ) : null}
      </div>
      <div className={selected === null ? '' : 'beside tall'}>
        <div className="min-w-0">
          <EventTable label={query.group} events={events} selected={selected} onSelect={select} />
          <MoreButton {...older} load={load} words="Older" />
        </div>
        {selected === null ? null : <EventAside key={selected} id={selected} onClose={() => select(null)} />}
      </div>
    </>
  );
}

const NO_FILTER = { filters: {}, inRange: false } as const;

const WORDS: Record<EventGroup, { readonly none: string; readonly why: string }> = {
  undecodable: {
    none: 'No undecodable record',
    why: 'A record whose body cannot be read is stored with its bytes and the reason, and listed here.',
  },
  uncorrelated: {
    none: 'No uncorrelated record',
    why: 'A record that names neither a correlation id nor a trace id belongs to no trace, and is listed here.',
  },
  telemetry: {
    none: 'No telemetry record',
    why: 'Spans, metrics and logs of a tracing system are stored, belong to no trace, and are listed here.',
  },
  events: { none: 'No event is stored yet', why: 'Every stored event is listed here, whatever became of it.' },
};

function NoEvent({ query, href }: { query: EventQuery; href: string }) {
  const filtered = Object.keys(query.filters).length > 0 || query.inRange;
  if (!filtered)
    return (
      <PanelState mark="done" title={WORDS[query.group].none}>
        <p>{WORDS[query.group].why}</p>
      </PanelState>
    );
  return (
    <PanelState mark="unknown" title="No stored event matches all of these filters">
      <Link className="ctl" href={href}>
        Remove all filters
      </Link>
    </PanelState>
  );
}
