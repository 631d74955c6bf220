'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { EventInspector } from '@/components/trace/event-inspector.tsx';
import { isInTrace } from '@/components/trace/in-trace.ts';
import { eventApiPath } from '@/components/trace/trace-path.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Inspector } from '@/components/ui/inspector.tsx';
import { PanelFailed } from '@/components/ui/panel-state.tsx';
import type { EventDetail } from '@/server/model/wire.ts';

/** One event of a list, looked into beside it; the way to its trace where it is in one. */
export function EventAside({ id, onClose }: { id: string; onClose: () => void }) {
  const router = useRouter();
  const { data, refresh } = useLiveData<EventDetail>({
    query: id,
    initial: LOADING,
    load: (signal) => fetchApi<EventDetail>(eventApiPath(id), signal),
    watch: '',
    everyMs: 60_000,
  });
  const event = data.value;
  if (event === null)
    return (
      <Inspector sheet title={<Identifier text={id} />} aside={<Close onClose={onClose} />}>
        {data.kind === 'loading' ? (
          <span className="skel m-5 h-2 w-40" />
        ) : (
          <PanelFailed
            what="The event"
            problem={data.problem ?? 'No record is stored at these coordinates'}
            onRetry={refresh}
          />
        )}
      </Inspector>
    );
  const trace = traceOf(event);
  return (
    <EventInspector
      event={event}
      events={[]}
      sheet
      aside={
        <span className="flex items-center gap-2">
          {trace === null ? (
            <span className="f2">in no trace</span>
          ) : (
            <Link className="ctl" href={trace}>
              Open trace
            </Link>
          )}
          <Close onClose={onClose} />
        </span>
      }
      onClose={onClose}
      onFollow={(cause) => router.push(traceOf(event, cause.id) ?? '/traces')}
    />
  );
}

/** The page of the trace an event is in, with an event of it selected; null for one that names nothing to stitch by. */
function traceOf(event: EventDetail, selected = event.id): string | null {
  if (!isInTrace(event)) return null;
  return `/traces/key:${event.trace_key}?${new URLSearchParams({ sel: selected })}`;
}

function Close({ onClose }: { onClose: () => void }) {
  return (
    <button type="button" className="ctl" onClick={onClose}>
      Close <kbd>esc</kbd>
    </button>
  );
}
