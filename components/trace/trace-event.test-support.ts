import type { HopEvidence, HopFlag } from '@/server/model/evidence.ts';
import type { TraceEvent } from '@/server/model/wire.ts';

const START = Date.parse('2025-10-18T03:06:24.120Z');

/** An event of a trace for tests: `id` at `atMs` after the start, caused by `parent` when given. */
export function traceEvent(
  id: string,
  atMs: number,
  parent?: { id: string; hopMs: number; evidence?: HopEvidence; flags?: HopFlag[] },
  more: Partial<TraceEvent> = {},
): TraceEvent {
  const at = new Date(START + atMs).toISOString();
  return {
    id,
    topic: 't',
    partition: 0,
    offset: '1',
    event_id: id,
    event_type: `type-${id}`,
    service: 'svc',
    dialect: 'onex-envelope-v1',
    trace_id: null,
    span_id: null,
    parent_span_id: null,
    occurred_at: at,
    recorded_at: at,
    timestamp_type: 'CreateTime',
    stored_at: at,
    causation_id: parent?.id ?? null,
    parent:
      parent === undefined
        ? null
        : { id: parent.id, evidence: parent.evidence ?? 'causation', hop_ms: parent.hopMs, flags: parent.flags ?? [] },
    more_causes: [],
    dangling_cause: false,
    flags: [],
    reason: null,
    key: null,
    headers: [],
    schema: { status: 'unchecked', schema: null, errors: [], complete: true },
    dead_letter: null,
    duplicates: [],
    payload_missing: null,
    ...more,
  };
}
