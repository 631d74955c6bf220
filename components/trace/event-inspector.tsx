'use client';

import Link from 'next/link';
import { useState } from 'react';
import { fetchApi, LOADING } from '@/components/live/loaded.ts';
import { useLiveData } from '@/components/live/use-live-data.ts';
import { formatHop } from '@/components/ui/format-duration.ts';
import { instantMs } from '@/components/ui/format-instant.ts';
import { formatBytes, formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Fact, Inspector } from '@/components/ui/inspector.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import type { EventDetail, TraceEvent } from '@/server/model/wire.ts';
import { Consumption } from './consumption.tsx';
import { EVIDENCE_WORDS, EvidenceLine } from './evidence-legend.tsx';
import { PayloadTabs } from './payload-tabs.tsx';
import { eventApiPath } from './trace-path.ts';

interface EventInspectorProps {
  readonly event: TraceEvent;
  readonly events: readonly TraceEvent[];
  /** On a narrow screen it covers the page; only when a row was chosen. */
  readonly sheet: boolean;
  readonly onClose: () => void;
  readonly onFollow: (event: TraceEvent) => void;
}

const CLOCKS = { CreateTime: 'producer clock (CreateTime)', LogAppendTime: 'broker clock (LogAppendTime)' } as const;

/** One event: who, where, when by which clock, why we believe its cause, and what it carries. */
export function EventInspector({ event, events, sheet, onClose, onFollow }: EventInspectorProps) {
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
      }
    >
      <div className="flex-none border-b border-rule-1 px-5 py-3">
        <dl className="dl">
          <Fact name="Service">
            <Identifier
              text={event.service ?? 'not named by the event'}
              className={event.service === null ? 'f2' : ''}
            />
          </Fact>
          <Fact name="Record" mono>
            <Link className="u" href={`/topics?${new URLSearchParams({ topic: event.topic })}`}>
              <Identifier text={event.topic} />
            </Link>{' '}
            / {event.partition} @ {event.offset}
          </Fact>
          <Fact name="Occurred">
            <Instant at={event.occurred_at} digits="ms" relative />
            {event.flags.includes('time_from_record') ? (
              <span className="f2"> record timestamp, the event names none</span>
            ) : null}
            {event.flags.includes('naive_time') ? <span className="f2"> read as UTC, no zone given</span> : null}
          </Fact>
          <Fact name="Recorded">
            <span className="m">{signed(instantMs(event.recorded_at) - instantMs(event.occurred_at))}</span>{' '}
            <span className="f2">{CLOCKS[event.timestamp_type]}</span>
          </Fact>
          <Fact name="Hop">
            <Hop event={event} cause={cause} onFollow={onFollow} />
          </Fact>
          <Fact name="Evidence">
            <Evidence event={event} />
          </Fact>
          {event.more_causes.length === 0 ? null : (
            <Fact name="More causes">{formatCount(event.more_causes.length)}, drawn and counted, in no percentile</Fact>
          )}
          {value === null ? null : (
            <Fact name="Consumed">
              <Consumption consumption={value.consumption} />
            </Fact>
          )}
          <Fact name="Dialect" mono>
            <Identifier text={event.dialect} />
          </Fact>
          <Fact name="Event id" mono>
            <Identifier text={event.event_id ?? '–'} />
          </Fact>
          {event.causation_id === null ? null : (
            <Fact name="Causation id" mono>
              <Identifier text={event.causation_id} />
            </Fact>
          )}
          {event.key === null ? null : (
            <Fact name="Key" mono>
              <Identifier text={event.key.uuid ?? event.key.text} />{' '}
              <span className="f2">
                {event.key.uuid !== undefined
                  ? '16 bytes'
                  : event.key.encoding === 'base64'
                    ? `base64, ${formatBytes(event.key.bytes)}`
                    : ''}
              </span>
            </Fact>
          )}
          {event.duplicates.length === 0 ? null : (
            <Fact name="Copies">{formatCount(event.duplicates.length)} more of the same record</Fact>
          )}
          {event.reason === null ? null : <Fact name="Reason">{event.reason}</Fact>}
        </dl>
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

function signed(ms: number): string {
  return ms < 0 ? formatHop(ms) : `+${formatHop(ms)}`;
}

function Hop({
  event,
  cause,
  onFollow,
}: {
  event: TraceEvent;
  cause: TraceEvent | undefined;
  onFollow: (event: TraceEvent) => void;
}) {
  if (event.parent === null)
    return (
      <span className="f2">
        {event.dangling_cause ? 'unknown, its cause is not stored' : 'none, it starts the trace'}
      </span>
    );
  const skew = event.parent.flags.includes('clock_skew') || event.parent.hop_ms < 0;
  return (
    <>
      <span className="m">{formatHop(event.parent.hop_ms)}</span>
      {skew ? <span className="f2"> clock skew, not counted</span> : null}
      {cause === undefined ? null : (
        <>
          <span className="f2"> after </span>
          <button type="button" className="m u" onClick={() => onFollow(cause)}>
            <Identifier text={cause.event_type} />
          </button>
        </>
      )}
    </>
  );
}

function Evidence({ event }: { event: TraceEvent }) {
  if (event.parent === null)
    return <span className="f2">{event.dangling_cause ? 'names a cause that is not stored' : 'names no cause'}</span>;
  const words = EVIDENCE_WORDS[event.parent.evidence];
  return (
    <span className="flex items-center gap-1.5">
      <EvidenceLine kind={event.parent.evidence} />
      {words.name} <span className="f2 el">{words.why}</span>
    </span>
  );
}
