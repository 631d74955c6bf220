'use client';

import { type ReactNode, useState } from 'react';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Inspector } from '@/components/ui/inspector.tsx';
import type { EventDetail, TraceEvent } from '@/server/model/wire.ts';
import { EventFacts } from './event-facts.tsx';
import { PayloadTabs } from './payload-tabs.tsx';
import { ResolvedFields } from './resolved-fields.tsx';
import { eventApiPath } from './trace-path.ts';

interface EventInspectorProps {
  readonly event: TraceEvent;
  readonly events: readonly TraceEvent[];
  /** The dead letter that became of it. */
  readonly outcome?: TraceEvent | undefined;
  /** On a narrow screen it covers the page; only when a row was chosen. */
  readonly sheet: boolean;
  /** What stands beside the name instead of the keys of a trace's page. */
  readonly aside?: ReactNode;
  readonly onClose: () => void;
  readonly onFollow: (event: TraceEvent) => void;
}

const LOOKS = { facts: 'Facts', resolved: 'Resolved' } as const;

/** One event: who, where, when by which clock, why we believe its cause, and what it carries. */
export function EventInspector({ event, events, outcome, sheet, aside, onClose, onFollow }: EventInspectorProps) {
  const [look, setLook] = useState<keyof typeof LOOKS>('facts');
  const [tab, setTab] = useState<'payload' | 'headers' | 'raw'>('payload');
  const detail = useLiveData({
    query: event.id,
    initial: LOADING,
    load: (signal) => fetchApi<EventDetail>(eventApiPath(event.id), signal),
    watch: '',
    everyMs: 60_000,
  });
  const cause = events.find((one) => one.id === event.parent?.id);
  const value = detail.data.value?.id === event.id ? detail.data.value : null;
  return (
    <Inspector
      sheet={sheet}
      title={<Identifier text={event.event_type} />}
      aside={
        aside ?? (
          <>
            <span className="phone-off">
              <kbd>k</kbd> <kbd>j</kbd>
            </span>
            {sheet ? (
              <button type="button" className="ctl narrow-only" onClick={onClose}>
                Close
              </button>
            ) : null}
          </>
        )
      }
    >
      <div className="itabs" role="tablist" aria-label="About the event">
        {(['facts', 'resolved'] as const).map((one) => (
          <button key={one} type="button" role="tab" aria-selected={one === look} onClick={() => setLook(one)}>
            {LOOKS[one]}
          </button>
        ))}
      </div>
      <div className="looked flex-none border-b border-rule-1 px-5 py-3" role="tabpanel" aria-label={LOOKS[look]}>
        {look === 'resolved' ? (
          <ResolvedFields event={event} detail={value} />
        ) : (
          <EventFacts event={event} cause={cause} outcome={outcome} detail={value} onFollow={onFollow} />
        )}
      </div>
      <PayloadTabs
        key={event.id}
        tab={tab}
        onTab={setTab}
        headers={event.headers}
        missing={value?.payload_missing ?? event.payload_missing}
        data={{ ...detail.data, value }}
        onRetry={detail.refresh}
      />
    </Inspector>
  );
}
