'use client';

import { useNow } from '@/components/live/live-provider.tsx';
import { formatAge, formatDuration } from '@/components/ui/format-duration.ts';
import { formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { type MarkKind, STATUS_MARK } from '@/components/ui/mark-kind.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { TraceDetail } from '@/server/model/wire.ts';

/** What the trace is doing, in one sentence, and its figures. */
export function TraceHead({ trace }: { trace: TraceDetail }) {
  const nowMs = useNow();
  const last = trace.next_cursor === null ? (trace.events.at(-1) ?? null) : null;
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
          {sentence(trace, last !== null)} {last === null ? null : <Identifier text={last.event_type} className="m" />}
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

/** What comes before the last event's type; without it, a sentence of its own. */
function sentence(trace: TraceDetail, named: boolean): string {
  switch (trace.status) {
    case 'running':
      return named ? 'Running, last seen' : 'Running';
    case 'done':
      return named ? 'Done with' : 'Done';
    case 'stalled':
      return named ? 'Stalled after' : 'Stalled';
    case 'failed':
      return named ? 'Failed at' : 'Failed';
    case 'unknown':
      return named ? 'No end seen after' : 'No end seen';
  }
}
