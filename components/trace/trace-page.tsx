'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { fetchApi, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { TraceDetail, TraceEvent } from '@/server/model/wire.ts';
import { CriticalBar } from './critical-bar.tsx';
import { EventInspector } from './event-inspector.tsx';
import { EvidenceLegend } from './evidence-legend.tsx';
import { TraceHead } from './trace-head.tsx';
import { idHref, traceApiPath } from './trace-path.ts';
import { UprightTimeline } from './upright-timeline.tsx';
import { Waterfall } from './waterfall.tsx';

interface TracePageProps {
  readonly id: string;
  readonly initial: Loaded<TraceDetail>;
  /** Stored ids that begin like `id`, for a trace that is not there. */
  readonly nearest: readonly string[];
}

/** One trace whole: head, waterfall, inspector. Fetched again only when its own key is named by the stream. */
export function TracePage({ id, initial, nearest }: TracePageProps) {
  const { data, refresh } = useLiveData({
    query: id,
    initial,
    load: (signal) => fetchApi<TraceDetail>(traceApiPath(id), signal),
    ...(initial.value === null ? {} : { watch: initial.value.trace_key }),
  });
  if (data.kind === 'missing') return <NotStored id={id} nearest={nearest} />;
  if (data.value === null)
    return data.kind === 'failed' ? (
      <PanelFailed what="The trace" problem={data.problem} onRetry={refresh} />
    ) : (
      <LoadingRows rows={12} height={28} />
    );
  return (
    <>
      {data.kind === 'failed' ? <KeptNote problem={data.problem} onRetry={refresh} /> : null}
      <TraceViews trace={data.value} id={id} />
    </>
  );
}

function TraceViews({ trace, id }: { trace: TraceDetail; id: string }) {
  const router = useRouter();
  const [trueScale, setTrueScale] = useState(false);
  const older = useMoreEvents(trace, id);
  const events = [...trace.events, ...older.events];
  const [wanted, want] = useSelection();
  const selected = events.find((event) => event.id === wanted) ?? null;
  const select = (event: TraceEvent | null) => want(event?.id ?? null);
  useKeys({ z: () => setTrueScale((on) => !on), escape: () => (selected === null ? router.back() : select(null)) });
  const shown = selected ?? events[0] ?? null;
  return (
    <>
      <TraceHead trace={trace} />
      <div className="split">
        <div className="left">
          <div className="tools whead" style={{ paddingRight: 12 }}>
            <span className="b">Waterfall</span>
            <span className="note">
              {formatCounted(events.length, 'event')} by cause{trace.coverage.lower_bound ? ', a lower bound' : ''}
            </span>
            {trace.expired_events > 0 ? (
              <span className="note">{formatCount(trace.expired_events)} earlier events expired</span>
            ) : null}
            <span className="sp" />
            <button
              type="button"
              className={`ctl ${trueScale ? '' : 'tog'}`}
              aria-pressed={!trueScale}
              onClick={() => setTrueScale(!trueScale)}
              title="z shows true scale"
            >
              Long waits folded <kbd>z</kbd>
            </button>
          </div>
          <CriticalBar events={events} onSelect={select} />
          <Waterfall
            events={events}
            trueScale={trueScale}
            selectedId={selected?.id ?? null}
            shownId={shown?.id ?? null}
            onSelect={select}
          />
          <UprightTimeline events={events} selectedId={selected?.id ?? null} onSelect={select} />
          {older.more ? (
            <div className="tools">
              <button type="button" className="ctl" disabled={older.busy} onClick={older.load}>
                Load the next 1,000 of {formatCounted(trace.event_count, 'event')}
              </button>
            </div>
          ) : null}
          <EvidenceLegend events={events} />
        </div>
        {shown === null ? null : (
          <EventInspector
            event={shown}
            events={events}
            sheet={selected !== null}
            onClose={() => select(null)}
            onFollow={select}
          />
        )}
      </div>
    </>
  );
}

function useMoreEvents(trace: TraceDetail, id: string) {
  const [more, setMore] = useState<{
    readonly key: string;
    readonly events: readonly TraceEvent[];
    readonly cursor: string | null;
    readonly busy: boolean;
  } | null>(null);
  const mine = more?.key === trace.trace_key ? more : null;
  const cursor = mine === null ? trace.next_cursor : mine.cursor;
  const load = () => {
    if (cursor === null) return;
    const before = { key: trace.trace_key, events: mine?.events ?? [], cursor, busy: true };
    setMore(before);
    fetchApi<TraceDetail>(`${traceApiPath(id)}?${new URLSearchParams({ cursor })}`).then(
      (page) =>
        setMore({ ...before, events: [...before.events, ...page.events], cursor: page.next_cursor, busy: false }),
      () => setMore({ ...before, busy: false }),
    );
  };
  return { events: mine?.events ?? [], more: cursor !== null, busy: mine?.busy ?? false, load };
}

function NotStored({ id, nearest }: { id: string; nearest: readonly string[] }) {
  return (
    <PanelState mark="unknown" title="No event with this correlation id is stored">
      <p className="box">
        <Identifier text={id} />
      </p>
      {nearest.length === 0 ? (
        <p>No stored id begins like it. It appears here by itself when its first event is stored.</p>
      ) : (
        <p>The nearest ids that are stored:</p>
      )}
      <ul>
        {nearest.map((near) => (
          <li key={near} className="py-0.5">
            <Link className="x" href={idHref(near) ?? `/traces?${new URLSearchParams({ q: near })}`}>
              <Identifier text={near} className="m" />
            </Link>
          </li>
        ))}
      </ul>
      <Link className="ctl" href="/traces">
        All traces
      </Link>
    </PanelState>
  );
}
