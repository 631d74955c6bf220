'use client';

import { useNow } from '@/components/live/live-provider.tsx';
import { formatAge, formatDuration } from '@/components/ui/format-duration.ts';
import { formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { type MarkKind, STATUS_MARK } from '@/components/ui/mark-kind.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { TraceDetail } from '@/server/model/wire.ts';
import { traceSentence } from './trace-sentence.ts';

/** What the trace is doing, in one sentence, and its figures. */
export function TraceHead({ trace }: { trace: TraceDetail }) {
  const nowMs = useNow();
  const { words, named } = traceSentence(trace);
  const running = trace.status === 'running';
  const figures: [string, string][] = [
    ['Started', `${formatInstant(instantMs(trace.started_at), nowMs, 'ms')} UTC`],
    ['Duration', trace.event_count > 1 ? formatDuration(trace.duration_ms) : '–'],
    ['Events', formatCount(trace.event_count)],
    ['Services', formatCount(trace.services.length)],
  ];
  return (
    <div className="th">
      <h2>
        <StateMark kind={STATUS_MARK[trace.status].mark satisfies MarkKind} />
        <span>
          {words} {named === null ? null : <Identifier text={named} className="m" />}
          {running ? (
            <span className="f2 text-13 font-normal tracking-normal" suppressHydrationWarning>
              {' '}
              {formatAge(nowMs - instantMs(trace.ended_at))} ago
            </span>
          ) : null}
        </span>
      </h2>
      <div className="kvs">
        {figures.map(([name, value]) => (
          <div className="kv" key={name}>
            <span>{name}</span>
            <span className="m nw">{value}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
