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

interface TraceHeadProps {
  readonly trace: TraceDetail;
  readonly events: readonly TraceEvent[];
  /** What became of events, by their ids (`outcomes`). */
  readonly outcomeOf: ReadonlyMap<string, TraceEvent>;
  readonly onSelect: (event: TraceEvent) => void;
}

/** What became of an event, who should have acted, and whom to call; of a status that needs a reason, the reason. */
function Whose({ trace, events, outcomeOf, onSelect }: TraceHeadProps) {
  const { stall, owner, status, status_reason: reason } = trace;
  const [original, letter] = deadLettered(trace, events, outcomeOf);
  const words = [
    ...(letter === undefined || original === undefined
      ? []
      : [{ text: original.event_type, mono: true }, { text: ` was ${outcomeWords(letter)}. ` }]),
    ...(stall === null ? [] : [...groupWords(stall), { text: ' ' }]),
    ...(owner === null ? [] : ownerWords(owner, stall?.step.topic ?? '')),
    ...(status === 'unknown' && reason !== null ? [{ text: reason }] : []),
  ];
  if (words.length === 0) return null;
  return (
    <p className="note pl-5">
      <Sentence words={words} />
      <RunBook address={owner?.owner?.run_book ?? null} />
      {letter === undefined ? null : (
        <button type="button" className="u ml-2" onClick={() => onSelect(letter)}>
          Open the dead letter
        </button>
      )}
    </p>
  );
}

/** Of a trace that failed, the last event that became a dead letter, and that. */
function deadLettered(
  trace: TraceDetail,
  events: readonly TraceEvent[],
  outcomeOf: ReadonlyMap<string, TraceEvent>,
): readonly [TraceEvent?, TraceEvent?] {
  const [id, letter] = trace.status === 'failed' ? ([...outcomeOf].at(-1) ?? []) : [];
  return letter === undefined ? [] : [events.find((event) => event.id === id), letter];
}

/** What the trace is doing, in one sentence, and its figures. */
export function TraceHead({ trace, events, outcomeOf, onSelect }: TraceHeadProps) {
  const nowMs = useNow();
  const [original] = deadLettered(trace, events, outcomeOf);
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
        <Whose trace={trace} events={events} outcomeOf={outcomeOf} onSelect={onSelect} />
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
