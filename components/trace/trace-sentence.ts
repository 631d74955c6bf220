import type { TraceStatus } from '@/server/model/trace.ts';
import type { TraceDetail } from '@/server/model/wire.ts';

/** What a trace is doing: words, and the event type they lead to where one is meant. */
export interface TraceSentence {
  readonly words: string;
  readonly named: string | null;
}

/** The part of a trace that its sentence rests on. */
type TraceFacts = Pick<TraceDetail, 'status' | 'flow' | 'next_cursor' | 'status_reason'> & {
  readonly stall: { readonly missing: { readonly event_type: string } } | null;
  readonly events: readonly { readonly event_type: string }[];
};

/** The state, and what leads from it to the last event. */
const WORDS: Record<TraceStatus, { readonly state: string; readonly toLast: string | null }> = {
  running: { state: 'running', toLast: ', last seen' },
  // Events may follow the declared end, so the last one seen is not always what ended the trace.
  done: { state: 'done', toLast: null },
  failed: { state: 'failed', toLast: ' at' },
  stalled: { state: 'stalled', toLast: ' before' },
  unknown: { state: 'no end seen', toLast: ' after' },
};

/**
 * A trace in one sentence, begun by its flow where it has one.
 * @param deadLettered type of the event that ended as a dead letter, where that is known
 */
export function traceSentence(trace: TraceFacts, deadLettered: string | null = null): TraceSentence {
  const { status, flow } = trace;
  const { state, toLast } = WORDS[status];
  const named = toLast === null ? null : (namedBy(trace) ?? (status === 'failed' ? deadLettered : null));
  const begun = flow === null ? `${state.charAt(0).toUpperCase()}${state.slice(1)}` : `${flow}: ${state}`;
  return { words: `${begun}${named === null ? '' : toLast}`, named };
}

/** The event type a sentence leads to: what does not come, what failed, else the last that was seen. */
function namedBy({ status, stall, status_reason: reason, next_cursor, events }: TraceFacts): string | null {
  if (status === 'stalled') return stall?.missing.event_type ?? null;
  // A reason of many words is a sentence, not a type.
  if (status === 'failed') return reason === null || reason.includes(' ') ? null : reason;
  return next_cursor === null ? (events.at(-1)?.event_type ?? null) : null;
}
