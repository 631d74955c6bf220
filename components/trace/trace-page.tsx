'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import { fetchApi, type Loaded } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { instantMs } from '@/components/ui/format-instant.ts';
import { formatCount, formatCounted } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { useKeys } from '@/components/ui/keys.ts';
import { MoreButton } from '@/components/ui/more-button.tsx';
import { KeptNote, LoadingRows, PanelFailed, PanelState } from '@/components/ui/panel-state.tsx';
import { useOlder } from '@/components/ui/use-older.ts';
import { useSelection } from '@/components/ui/use-selection.ts';
import type { TraceDetail, TraceEvent } from '@/server/model/wire.ts';
import { CriticalBar } from './critical-bar.tsx';
import { EventInspector } from './event-inspector.tsx';
import { EvidenceLegend } from './evidence-legend.tsx';
import { outcomes } from './outcomes.ts';
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

/** Events read for the sake of one that a link leads to. */
const MOST_LOOKED_THROUGH = 20_000;

function TraceViews({ trace, id }: { trace: TraceDetail; id: string }) {
  const router = useRouter();
  const [trueScale, setTrueScale] = useState(false);
  // Asked anew when the first page ends elsewhere: a late event within it moves its last one onto the second.
  const pages = `${trace.trace_key} ${trace.next_cursor}`;
  const older = useOlder<TraceEvent>(pages, trace.next_cursor, async (cursor) => {
    const page = await fetchApi<TraceDetail>(`${traceApiPath(id)}?${new URLSearchParams({ cursor })}`);
    return { rows: page.events, next_cursor: page.next_cursor };
  });
  const events = useMemo(() => [...trace.events, ...older.rows], [trace.events, older.rows]);
  const outcomeOf = useMemo(() => outcomes(events), [events]);
  const [wanted, want] = useSelection();
  const selected = events.find((event) => event.id === wanted) ?? null;
  const select = (event: TraceEvent | null) => want(event?.id ?? null);
  const isMissing = wanted !== null && selected === null;
  const isLookedFor = isMissing && older.more && older.problem === null && events.length < MOST_LOOKED_THROUGH;
  useEffect(() => {
    // A link may lead to an event behind the first page.
    if (isLookedFor && !older.busy) older.load();
  });
  useKeys({ z: () => setTrueScale((on) => !on), escape: () => (selected === null ? router.back() : select(null)) });
  const shown = selected ?? events[0] ?? null;
  const stall = useMemo(
    () => (trace.stall === null ? null : { at: trace.stall, nowMs: instantMs(trace.as_of) }),
    [trace.stall, trace.as_of],
  );
  return (
    <>
      <TraceHead trace={trace} events={events} outcomeOf={outcomeOf} onSelect={select} />
      <div className="split">
        <div className="left">
          <div className="tools whead" style={{ paddingRight: 12 }}>
            <span className="b">Waterfall</span>
            <span className="note">
              {formatCounted(events.length, 'event')} by cause{trace.coverage.lower_bound ? ', a lower bound' : ''}
            </span>
            {trace.id_kind === 'trace' ? (
              <span className="note">stitched by a trace id, its events name no correlation id</span>
            ) : null}
            {trace.expired_events > 0 ? (
              <span className="note">{formatCount(trace.expired_events)} earlier events expired</span>
            ) : null}
            {isMissing ? (
              <span className="note">
                {isLookedFor ? 'the event of this link is looked for' : 'the event of this link is not among them'}
              </span>
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
          <CriticalBar events={events} partial={older.more} onSelect={select} />
          <Waterfall
            events={events}
            outcomeOf={outcomeOf}
            stall={stall}
            trueScale={trueScale}
            selectedId={selected?.id ?? null}
            shownId={shown?.id ?? null}
            onSelect={select}
          />
          <UprightTimeline
            events={events}
            outcomeOf={outcomeOf}
            stall={trace.stall}
            selectedId={selected?.id ?? null}
            onSelect={select}
          />
          <MoreButton {...older} words={`Load the next 1,000 of ${formatCounted(trace.event_count, 'event')}`} />
          <EvidenceLegend events={events} />
        </div>
        {shown === null ? null : (
          <EventInspector
            event={shown}
            events={events}
            outcome={outcomeOf.get(shown.id)}
            sheet={selected !== null}
            onClose={() => select(null)}
            onFollow={select}
          />
        )}
      </div>
    </>
  );
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
