import type { ResolvedEnvelope } from '../model/event.ts';
import type { TopicKind } from '../model/topic-name.ts';
import type { IdKind } from '../model/trace-key.ts';

/** What an event's trace is keyed by. */
export interface TraceIdentity {
  readonly idKind: IdKind;
  /** The id as the event wrote it; null for an event that belongs to no trace. */
  readonly idText: string | null;
}

/** Of an event in no trace: it is keyed by its own coordinates. */
const NO_TRACE: TraceIdentity = { idKind: 'record', idText: null };

/**
 * The trace of an event: by its correlation id, else by the trace id of a tracing system. What a tracing system sends of
 * itself is no event of the flows it watches.
 */
export function identifyTrace(
  { correlationId, traceId }: Pick<ResolvedEnvelope, 'correlationId' | 'traceId'>,
  kind: TopicKind,
): TraceIdentity {
  if (kind === 'telemetry') return NO_TRACE;
  if (correlationId !== null) return { idKind: 'correlation', idText: correlationId };
  return traceId === null ? NO_TRACE : { idKind: 'trace', idText: traceId };
}
