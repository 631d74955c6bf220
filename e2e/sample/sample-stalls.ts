import type { AsOf } from '../../server/model/as-of.ts';
import type { StallList, StallPair, StallWire } from '../../server/model/stall-wire.ts';
import type { TraceDetail, TraceEvent } from '../../server/model/wire.ts';

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const KEY = 'e'.repeat(32);

/** A stop as the sample has it: the workflows' group is silent. */
function sampleStall(): StallWire {
  return {
    since: ago(372),
    due_at: ago(362),
    step: { event_type: 'PATTERN_APPLIED', topic: 'pattern-applications', id: 'sample/pattern-applications~1/0/4' },
    missing: { event_type: 'workflow-started', service: 'omninode-bridge' },
    basis: {
      ...{ kind: 'declared', flow: 'Code generation', traces: 412, followed: 409, typical_ms: 81, p95_ms: 1_900 },
    },
    groups: [
      {
        ...{ group: 'demo.omninode-bridge.persist.consume.v1', state: 'silent', of_service: true },
        ...{ members: 0, lag: '14', lag_s: 372 },
      },
    ],
    whose: {
      service: 'omninode-bridge',
      system: null,
      owner: { team: 'workflows', contact: '#workflows', run_book: 'https://wiki.example/workflows' },
    },
  };
}

/** Where the sample's traces stopped. */
export function sampleStalls(asOf: AsOf): StallList {
  const oldest = { correlation_id: '359b22eb-f374-55f6-8300-27deba80f794', trace_key: KEY };
  const first: StallPair = { ...sampleStall(), count: 14, oldest, newest_since: ago(14) };
  const second: StallPair = {
    ...{ ...first, count: 3, since: ago(3484), newest_since: ago(900) },
    step: { event_type: 'CODEGEN_ANALYZE_REQUESTED', topic: 'codegen-requests', id: null },
    missing: { event_type: 'CODEGEN_ANALYZE_COMPLETED', service: null },
    basis: { kind: 'learned', flow: null, traces: 31, followed: 31, typical_ms: 900, p95_ms: 2_400 },
    ...{ groups: [], whose: { service: null, system: null, owner: null } },
  };
  return {
    ...{ ...asOf, pairs: [first, second], total: 17, more: false, tap_behind: 0, next_cursor: null },
    stalls: [{ ...sampleStall(), ...oldest }],
  };
}

/** The stalled trace whole. */
export function sampleTrace(asOf: AsOf): TraceDetail {
  const stall = sampleStall();
  const began = Date.parse(stall.since) - 2_790;
  const steps: readonly [type: string, service: string, topic: string, atMs: number][] = [
    ['CODEGEN_REQUESTED', 'omniclaude', 'codegen-requests', 0],
    ['METADATA_STAMP_CREATED', 'archon-bridge', 'metadata-stamps', 1760],
    ['CODE_ASSESSMENT_COMPLETED', 'archon-intelligence', 'quality-assessments', 2520],
    ['PATTERN_APPLIED', 'archon-intelligence', 'pattern-applications', 2790],
  ];
  const events = steps.map(([type, service, topic, atMs], place) => {
    const before = steps[place - 1];
    return eventOf(type, service, topic, began + atMs, {
      id: `sample/${topic}~1/0/4`,
      parent:
        before === undefined
          ? null
          : { id: `sample/${before[2]}~1/0/4`, evidence: 'causation', hop_ms: atMs - before[3], flags: [] },
    });
  });
  return {
    ...asOf,
    ...{ correlation_id: '359b22eb-f374-55f6-8300-27deba80f794', correlation_id_truncated: false, trace_key: KEY },
    ...{ id_kind: 'correlation', started_at: new Date(began).toISOString(), ended_at: stall.since, duration_ms: 2790 },
    ...{ event_count: 4, services: ['omniclaude', 'archon-bridge', 'archon-intelligence'] },
    ...{ event_types: steps.map(([type]) => type), topics: steps.map(([, , topic]) => topic) },
    ...{ flow: 'Code generation', status: 'stalled', violation_count: 0, dead_letter_count: 0 },
    ...{
      stall,
      owner: stall.whose,
      status_reason: null,
      producer_count: 3,
      events,
      next_cursor: null,
      dead_letters: [],
    },
    ...{ expired_events: 0, settled_at: stall.since },
  };
}

function eventOf(
  type: string,
  service: string,
  topic: string,
  atMs: number,
  more: Pick<TraceEvent, 'id' | 'parent'>,
): TraceEvent {
  const at = new Date(atMs).toISOString();
  return {
    ...{ topic, partition: 0, offset: '4', event_id: null, event_type: type, service, dialect: 'onex-envelope-v1' },
    ...{ trace_id: null, span_id: null, parent_span_id: null, occurred_at: at, recorded_at: at, stored_at: at },
    ...{ timestamp_type: 'CreateTime', causation_id: null, more_causes: [], dangling_cause: false, flags: [] },
    ...{
      reason: null,
      key: null,
      headers: [],
      schema: { status: 'unchecked', schema: null, errors: [], complete: true },
      dead_letter: null,
    },
    ...{ duplicates: [], payload_missing: null },
    ...more,
  };
}
