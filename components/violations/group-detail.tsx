'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { PayloadBody } from '@/components/trace/payload-body.tsx';
import { schemaMarks } from '@/components/trace/schema-marks.ts';
import { eventApiPath, traceHref } from '@/components/trace/trace-path.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { MoreButton } from '@/components/ui/more-button.tsx';
import { PendingNote } from '@/components/ui/pending-note.tsx';
import { safeText } from '@/components/ui/safe-text.ts';
import { useCopy } from '@/components/ui/use-copy.ts';
import { joinPages, useOlder } from '@/components/ui/use-older.ts';
import type { ViolationEvent, ViolationGroup, ViolationList } from '@/server/model/violation-wire.ts';
import type { EventDetail } from '@/server/model/wire.ts';
import { GroupSays } from './group-says.tsx';
import { useSchemaSays } from './use-schema-says.ts';
import { violationsPath } from './violations-query.ts';
import { reportOf } from './violations-words.ts';

interface GroupDetailProps {
  readonly group: ViolationGroup;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  /** The range as the address writes it: it names what is asked. */
  readonly rangeQuery: string;
  /** It was chosen: on a narrow screen it covers the page. */
  readonly chosen: boolean;
  readonly onClose: () => void;
  /** Its state was changed. */
  readonly onChanged: () => void;
}

/** One group: its events, what came, and what the schema says. */
export function GroupDetail({ group, range, rangeQuery, chosen, onClose, onChanged }: GroupDetailProps) {
  const router = useRouter();
  const asked = `${rangeQuery} ${group.key}`;
  const { data, refresh } = useLiveData<ViolationList>({
    query: asked,
    initial: LOADING,
    load: (signal) => fetchApi<ViolationList>(violationsPath(range, group.key), signal),
    everyMs: 2000,
  });
  const older = useOlder<ViolationEvent>(asked, data.value?.next_cursor ?? null, async (cursor) => {
    const page = await fetchApi<ViolationList>(violationsPath(range, group.key, cursor));
    return { rows: page.violations, next_cursor: page.next_cursor };
  });
  const events = joinPages(data.value?.violations ?? [], older.rows, ({ id }) => id);
  const [picked, pick] = useState<string | null>(null);
  const event = events.find(({ id }) => id === picked) ?? events[0] ?? null;
  const says = useSchemaSays(group);
  const [said, copy] = useCopy();
  const report = () =>
    copy(
      reportOf(
        group,
        events.slice(0, 10).map(({ id }) => id),
        location.href,
        says.kind === 'said' ? says.value : null,
      ),
      'Report',
    );
  const trace = event === null ? null : traceHref(event);
  useKeys({ c: report, ...(trace !== null && { enter: () => router.push(trace) }) });
  return (
    <section className={`dock parts vio-dock ${chosen ? 'sheet' : ''}`} aria-label="Selected group">
      <div>
        <div className="sec">
          <h3>Events</h3>
          <span className="sp m">{formatCount(group.count)}</span>
          <button type="button" className="ctl narrow-only" onClick={onClose}>
            Close
          </button>
        </div>
        {data.value === null && data.problem !== null ? (
          <div className="py-3">
            <PendingNote problem={data.problem} onRetry={refresh} />
          </div>
        ) : null}
        <ul className="dock-list vio-list" aria-label="Events of this group">
          {events.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={one === event} onClick={() => pick(one.id)}>
                <Instant at={one.occurred_at} />
                <span className="m f1">
                  {one.partition} @ {one.offset}
                </span>
                <Identifier text={one.correlation_id ?? 'no correlation id'} className="m el f1" bright={8} />
              </button>
            </li>
          ))}
        </ul>
        <MoreButton {...older} words="Older events" />
      </div>
      <div>
        <div className="sec">
          <h3>What came</h3>
          {event === null ? null : (
            <span className="m f1 el">
              <Identifier text={event.topic} /> / {event.partition} @ {event.offset}
            </span>
          )}
        </div>
        <div className="tree dock-tree">
          {event === null ? <p className="note px-5">No event of this range is left.</p> : <WhatCame event={event} />}
        </div>
        <div className="dock-acts">
          {trace === null ? null : (
            <Link className="ctl on" href={trace}>
              Open trace <kbd>↵</kbd>
            </Link>
          )}
          <button type="button" className="ctl" onClick={report}>
            Copy report {group.service === null ? '' : `for ${safeText(group.service, 24)} `}
            <kbd>c</kbd>
          </button>
          <span className="note" role="status">
            {said}
          </span>
        </div>
      </div>
      <GroupSays key={group.key} group={group} event={event} says={says} onChanged={onChanged} />
    </section>
  );
}

/** The payload of an event, with what is wrong at its place. */
function WhatCame({ event }: { event: ViolationEvent }) {
  const { data, refresh } = useLiveData<EventDetail>({
    query: event.id,
    initial: LOADING,
    load: (signal) => fetchApi<EventDetail>(eventApiPath(event.id), signal),
    watch: '',
    everyMs: 60_000,
  });
  const marks = useMemo(() => schemaMarks(event.errors), [event.errors]);
  const detail = data.value?.id === event.id ? data.value : null;
  if (detail === null) return <PendingNote problem={data.problem} onRetry={refresh} />;
  const { payload } = detail;
  if (payload === null)
    return (
      <p className="note px-5">
        {detail.payload_missing === null ? 'The record has no value.' : 'Its payload is not kept any more.'}
      </p>
    );
  return <PayloadBody key={event.id} payload={payload} marks={marks} />;
}
