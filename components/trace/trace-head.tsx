'use client';

import { useNow } from '@/components/live/live-provider.tsx';
import { RunBook } from '@/components/overview/run-book.tsx';
import { groupWords, ownerWords } from '@/components/overview/stall-words.ts';
import { Sentence } from '@/components/overview/words.tsx';
import { formatAge, formatDuration } from '@/components/ui/format-duration.ts';
import { formatInstant, instantMs } from '@/components/ui/format-instant.ts';
import { formatCount } from '@/components/ui/format-number.ts';
import { Identifier } from '@/components/ui/identifier.tsx';
import { type MarkKind, STATUS_MARK } from '@/components/ui/mark-kind.ts';
import { StateMark } from '@/components/ui/state-mark.tsx';
import type { TraceDetail, TraceEvent } from '@/server/model/wire.ts';
import { outcomeWords } from './outcomes.ts';
import { traceSentence } from './trace-sentence.ts';

/** Who should have acted, and whom to call; of a status that needs a reason, the reason. */
function Whose({ trace, letter }: { trace: TraceDetail; letter: TraceEvent | undefined }) {
  const { stall, owner, status, status_reason: reason } = trace;
  const words = [
    ...(letter === undefined ? [] : [{ text: `It was ${outcomeWords(letter)}. ` }]),
    ...(stall === null ? [] : [...groupWords(stall), { text: ' ' }]),
    ...(owner === null ? [] : ownerWords(owner, stall?.step.topic ?? '')),
    ...(status === 'unknown' && reason !== null ? [{ text: reason }] : []),
  ];
  if (words.length === 0) return null;
  return (
    <p className="note pl-5">
      <Sentence words={words} />
      <RunBook address={owner?.owner?.run_book ?? null} />
    </p>
  );
}

/** What the trace is doing, in one sentence, and its figures. */
export function TraceHead({
  trace,
  events,
  outcomeOf,
}: {
  trace: TraceDetail;
  events: readonly TraceEvent[];
  outcomeOf: ReadonlyMap<string, TraceEvent>;
}) {
  const nowMs = useNow();
  const [originalId, letter] = trace.status === 'failed' ? ([...outcomeOf].at(-1) ?? []) : [];
  const original = events.find(({ id }) => id === originalId);
  const { words, named } = traceSentence(trace, original?.event_type);
  const running = trace.status === 'running';
  const figures: [string, string][] = [
    ['Started', `${formatInstant(instantMs(trace.started_at), nowMs, 'ms')} UTC`],
    trace.stall === null
      ? ['Duration', trace.event_count > 1 ? formatDuration(trace.duration_ms) : '–']
      : ['Waiting', formatAge(nowMs - instantMs(trace.stall.since))],
    ['Events', formatCount(trace.event_count)],
    ['Services', formatCount(trace.services.length)],
  ];
  return (
    <div className="th">
      <div className="min-w-0">
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
        <Whose trace={trace} letter={letter} />
      </div>
      <div className="kvs">
        {figures.map(([name, value]) => (
          <div className="kv" key={name}>
            <span>{name}</span>
            <span className="m nw" suppressHydrationWarning>
              {value}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
