import Link from 'next/link';
import { formatHop } from '@/components/ui/format-duration.ts';
import { instantMs } from '@/components/ui/format-instant.ts';
import { formatBytes, formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { Fact } from '@/components/ui/inspector.tsx';
import { Instant } from '@/components/ui/instant.tsx';
import { REASON_SENTENCES } from '@/components/ui/reason-words.ts';
import { safeText } from '@/components/ui/safe-text.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { HopSplitWire } from '@/server/model/hop-split-wire.ts';
import type { EventDetail, Payload, TraceEvent } from '@/server/model/wire.ts';
import { Consumption } from './consumption.tsx';
import { EVIDENCE_WORDS, EvidenceLine } from './evidence-legend.tsx';
import { HopSplit } from './hop-split.tsx';
import { isInTrace } from './in-trace.ts';
import { outcomeWords } from './outcomes.ts';
import { DialectLink } from './resolved-fields.tsx';
import { checkWords, isViolating } from './schema-marks.ts';

const CLOCKS = { CreateTime: 'producer clock (CreateTime)', LogAppendTime: 'broker clock (LogAppendTime)' } as const;

/** Who, where, when by which clock, and why we believe its cause. */
export function EventFacts({
  event,
  cause,
  outcome,
  detail,
  onFollow,
}: {
  event: TraceEvent;
  cause: TraceEvent | undefined;
  /** The dead letter that became of it. */
  outcome: TraceEvent | undefined;
  detail: EventDetail | null;
  onFollow: (event: TraceEvent) => void;
}) {
  const split = detail?.hop_split ?? null;
  return (
    <dl className="dl">
      <Fact name="Service">
        <Identifier text={event.service ?? 'not named by the event'} className={event.service === null ? 'f2' : ''} />
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
      {detail === null || isInTrace(detail) ? (
        <>
          <Fact name="Hop">
            <Hop event={event} cause={cause} onFollow={onFollow} />
            {split === null || isSaidByHop(split) ? null : <HopSplit split={split} />}
          </Fact>
          <Fact name="Evidence">
            <Evidence event={event} />
          </Fact>
        </>
      ) : (
        <Fact name="Trace">
          <span className="f2">none, the event names no id to stitch by</span>
        </Fact>
      )}
      {outcome === undefined ? null : (
        <Fact name="Outcome">
          <span className="whitespace-normal wrap-anywhere">
            <StateMark kind="dead" /> {safeText(outcomeWords(outcome))}{' '}
            <button type="button" className="u" onClick={() => onFollow(outcome)}>
              Open the dead letter
            </button>
          </span>
        </Fact>
      )}
      {event.more_causes.length === 0 ? null : (
        <Fact name="More causes">{formatCount(event.more_causes.length)}, drawn and counted, in no percentile</Fact>
      )}
      {detail === null ? null : (
        <Fact name="Consumed">
          <Consumption consumption={detail.consumption} />
        </Fact>
      )}
      <Fact name="Schema">
        <span className={`whitespace-normal wrap-anywhere ${event.schema.status === 'unchecked' ? 'f2' : ''}`}>
          {isViolating(event.schema) ? <StateMark kind="violating" /> : null} {safeText(checkWords(event.schema), 500)}
        </span>
      </Fact>
      <Fact name="Dialect" mono>
        <DialectLink dialect={event.dialect} />
      </Fact>
      <Fact name="Event id" mono>
        <Identifier text={event.event_id ?? '–'} />
      </Fact>
      {event.causation_id === null ? null : (
        <Fact name="Causation id" mono>
          <Identifier text={event.causation_id} />
        </Fact>
      )}
      {event.trace_id === null ? null : (
        <Fact name="Trace id" mono>
          <Identifier text={event.trace_id} />
        </Fact>
      )}
      {event.span_id === null ? null : (
        <Fact name="Span" mono>
          {event.span_id}
          {event.parent_span_id === null ? null : <span className="f2"> under {event.parent_span_id}</span>}
        </Fact>
      )}
      {event.key === null ? null : <RecordKey payload={event.key} />}
      {event.duplicates.length === 0 ? null : (
        <Fact name="Copies">{formatCount(event.duplicates.length)} more of the same record</Fact>
      )}
      {event.reason === null ? null : (
        <Fact name="Reason">
          <span className="whitespace-normal">{REASON_SENTENCES[event.reason]}</span>
        </Fact>
      )}
    </dl>
  );
}

/** A key of 16 bytes is most often a UUID, and then shown as one. */
function RecordKey({ payload }: { payload: Payload }) {
  const { uuid = null, encoding, bytes, text } = payload;
  return (
    <Fact name="Key" mono>
      <Identifier text={uuid ?? text} />{' '}
      <span className="f2">
        {uuid === null ? (encoding === 'base64' ? `base64, ${formatBytes(bytes)}` : '') : '16 bytes'}
      </span>
    </Fact>
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

/** The hop's own line says already why there is nothing to split. */
function isSaidByHop(split: HopSplitWire): boolean {
  return split.state === 'unknown' && (split.reason === 'cause_not_stored' || split.reason === 'clock_skew');
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
