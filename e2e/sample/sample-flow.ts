import type { FlowAnswer, FlowEdge, FlowNode, FlowState } from '../../server/model/flow-wire.ts';

/** Markup, a bidirectional control and no end: names of records are strangers' texts. */
const HOSTILE = '<img src=x onerror=alert(1)>\u202Egnp';

const STATES: Readonly<Record<string, FlowState>> = {
  'service:archon-intelligence': 'stalled',
  'service:agent-router': 'slow',
  'service:archon-mcp': 'violating',
  'service:omninode-bridge': 'unknown',
  'topic:quality-assessments': 'unknown',
  'topic:codegen-responses': 'unknown',
  'topic:pattern-applications': 'unknown',
  'topic:onex.evt.intelligence.document-dlq': 'dead',
};

type Route = readonly [from: string, to: string, type: string, perMin: number, state?: FlowState, inferred?: number];

/** `service → topic` or `topic → service`, the event type, events a minute, state, share of inferred causes. */
const ROUTES: readonly Route[] = [
  ['omniclaude', '#codegen-requests', 'CODEGEN_REQUESTED', 12.4],
  ['omniclaude', '#onex.cmd.intelligence.analyze-request', 'CODE_ANALYSIS_REQUESTED', 0.7],
  ['omniclaude', '#omninode.agent.routing', 'agent.routing.requested', 96],
  ['omniclaude', '#omninode.agent.routing', 'agent.execution.started', 96],
  ['omniclaude', '#agent-actions', 'agent-actions/tool_call', 687],
  ['archon-mcp', '#omninode.codegen.request.validate', 'codegen.validate.request', 8.1, 'violating'],
  ['#codegen-requests', 'archon-bridge', 'CODEGEN_REQUESTED', 12.4, 'flowing', 0.82],
  ['#omninode.agent.routing', 'agent-router', 'agent.routing.requested', 96, 'slow'],
  ['agent-router', '#omninode.agent.routing', 'agent.routing.completed', 96],
  ['archon-bridge', '#metadata-stamps', 'METADATA_STAMP_CREATED', 12.4],
  ['archon-bridge', '#onex.cmd.intelligence.enrich-document', 'enrich_document', 12],
  ['#metadata-stamps', 'archon-intelligence', 'METADATA_STAMP_CREATED', 11.1, 'stalled'],
  ['#onex.cmd.intelligence.enrich-document', 'archon-intelligence', 'enrich_document', 12],
  ['#omninode.codegen.request.validate', 'archon-intelligence', 'codegen.validate.request', 8.1, 'violating'],
  ['archon-intelligence', '#quality-assessments', 'CODE_ASSESSMENT_COMPLETED', 0, 'unknown'],
  ['archon-intelligence', '#codegen-responses', 'CODEGEN_COMPLETED', 0, 'unknown'],
  ['archon-intelligence', '#pattern-applications', 'pattern.discovered', 0, 'unknown'],
  ['archon-intelligence', '#omninode.codegen.response.validate', 'CodegenValidateResponse', 8.1],
  ['archon-intelligence', '#onex.evt.intelligence.document-completed', 'enrichment_completed', 11.6],
  ['archon-intelligence', '#onex.evt.intelligence.document-dlq', 'enrich_document', 0.4, 'dead'],
  ['#quality-assessments', 'omninode-bridge', 'CODE_ASSESSMENT_COMPLETED', 0, 'unknown'],
  ['#codegen-responses', 'omniclaude', 'CODEGEN_COMPLETED', 0, 'unknown'],
  ['#omninode.codegen.response.validate', 'archon-mcp', 'CodegenValidateResponse', 8.1],
  [HOSTILE, '#agent-actions', HOSTILE, 0.3],
];

const READERS: readonly (readonly [
  topic: string,
  group: string,
  service: string | null,
  members: number,
  lag: string,
])[] = [
  ['metadata-stamps', 'archon.assess.v1', 'archon-intelligence', 0, '14'],
  ['onex.cmd.intelligence.enrich-document', 'archon.enrich.v1', 'archon-intelligence', 3, '0'],
  ['omninode.codegen.request.validate', 'archon.validate.v1', 'archon-intelligence', 2, '0'],
  ['codegen-requests', 'archon.bridge.v1', 'archon-bridge', 2, '0'],
  ['omninode.agent.routing', 'router', 'agent-router', 4, '212'],
  ['agent-actions', 'obs.actions.v1', null, 1, '0'],
  ['pattern-applications', 'omniintelligence.patterns', 'omniintelligence', 1, '0'],
  ['quality-assessments', 'omninode.bridge.v2', 'omninode-bridge', 1, '0'],
];

const idOf = (end: string) => (end.startsWith('#') ? `topic:${end.slice(1)}` : `service:${end}`);

/** The map of a development cluster of OmniNode where one group has stopped; `extra` more topics that are well. */
export function sampleFlow(
  from: string,
  to: string,
  asOf: Pick<FlowAnswer, 'as_of' | 'coverage'>,
  extra = 0,
): FlowAnswer {
  const minutes = (Date.parse(to) - Date.parse(from)) / 60_000;
  const more: readonly Route[] = Array.from({ length: extra }, (_, index) => [
    index % 2 === 0 ? 'omniclaude' : 'archon-bridge',
    `#onex.evt.status.worker-${index}`,
    `worker-${index}.status`,
    1 + (index % 7),
  ]);
  const edges = [...ROUTES, ...more].map((route) => edgeOf(route, minutes));
  const ids = new Set([...edges.flatMap((edge) => [edge.from, edge.to]), 'service:omniintelligence']);
  return {
    ...asOf,
    from,
    to,
    nodes: [...ids].map((id) => nodeOf(id, edges)),
    edges,
    groups: READERS.map(([topic, group, service, members, lag]) => ({
      ...{ group, topic: `topic:${topic}`, members, lag },
      service: service === null ? null : `service:${service}`,
    })),
    settled_to: to,
  };
}

function edgeOf([from, to, type, perMin, state = 'flowing', inferred = 0.02]: Route, minutes: number): FlowEdge {
  const count = Math.round(perMin * minutes);
  const consumes = from.startsWith('#');
  const p50 = 80 + (type.length % 9) * 40;
  return {
    id: `${from}|${to}|${type}`,
    ...{ from: idOf(from), to: idOf(to), kind: consumes ? 'consumes' : 'produces', event_type: type, count },
    rate_per_s: perMin / 60,
    inferred_share: count === 0 ? null : inferred,
    stopped: state === 'stalled' ? { since: new Date(Date.now() - 372_000).toISOString(), traces: 41 } : null,
    state,
    measured: count,
    p50_ms: count === 0 ? null : p50,
    p95_ms: count < 20 ? null : p50 * 2.4,
    p99_ms: count < 100 ? null : p50 * 3.9,
    max_ms: count === 0 ? null : p50 * 11,
  };
}

function nodeOf(id: string, edges: readonly FlowEdge[]): FlowNode {
  const topic = id.startsWith('topic:');
  const into = edges.filter((edge) => edge.to === id);
  const counted = topic ? into : edges.filter((edge) => edge.from === id);
  const dead = id.endsWith('-dlq');
  return {
    id,
    kind: topic ? 'topic' : 'service',
    name: id.slice(id.indexOf(':') + 1),
    system: id === 'service:omniclaude' ? 'omniclaude' : null,
    rate_per_s: counted.reduce((sum, edge) => sum + edge.rate_per_s, 0),
    count: counted.reduce((sum, edge) => sum + edge.count, 0),
    p95_ms: into[0]?.p95_ms ?? null,
    dead_letter_depth: dead ? 23 : null,
    violation_count: id === 'service:archon-mcp' ? 61 : 0,
    ...(id === 'topic:quality-assessments' ? { holes: 1, missing: '38' } : { holes: 0, missing: '0' }),
    dead_letters: dead,
    state: STATES[id] ?? (counted.length === 0 && into.length === 0 ? 'unknown' : 'flowing'),
  };
}
