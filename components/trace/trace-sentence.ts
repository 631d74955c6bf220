import type { TraceStatus } from '@/server/model/trace.ts';
import type { TraceDetail } from '@/server/model/wire.ts';

/** What a trace is doing: words, and the event type they lead to where one is meant. */
export interface TraceSentence {
  readonly words: string;
  readonly named: string | null;
}

/** The part of a trace that its sentence rests on. */
type TraceFacts = Pick<TraceDetail, 'status' | 'flow' | 'next_cursor'> & {
  readonly events: readonly { readonly event_type: string }[];
};

/** The state, and what leads from it to the last event. */
const WORDS: Record<TraceStatus, { readonly state: string; readonly toLast: string | null }> = {
  running: { state: 'running', toLast: ', last seen' },
  // Events may follow the declared end, so the last one seen is not always what ended the trace.
  done: { state: 'done', toLast: null },
  failed: { state: 'failed', toLast: null },
  stalled: { state: 'stalled', toLast: ' after' },
  unknown: { state: 'no end seen', toLast: ' after' },
};

/** A trace in one sentence, begun by its flow where it has one. */
export function traceSentence({ status, flow, next_cursor, events }: TraceFacts): TraceSentence {
  const { state, toLast } = WORDS[status];
  const last = next_cursor === null ? (events.at(-1)?.event_type ?? null) : null;
  const named = toLast === null ? null : last;
  const begun = flow === null ? `${state.charAt(0).toUpperCase()}${state.slice(1)}` : `${flow}: ${state}`;
  return { words: `${begun}${named === null ? '' : toLast}`, named };
}
