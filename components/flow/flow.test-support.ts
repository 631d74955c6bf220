import type { FlowAnswer, FlowEdge, FlowGroup, FlowNode, FlowState } from '@/server/model/flow-wire.ts';

const NOW = '2026-03-01T12:00:00.000000Z';

/** `a → #t` is what a service sends, `#t → b` what made one act; `#` marks topics. */
export function edge(from: string, to: string, type = 'E', change: Partial<FlowEdge> = {}): FlowEdge {
  return {
    id: `${from}>${to}>${type}`,
    ...{ from: placeId(from), to: placeId(to), kind: from.startsWith('#') ? 'consumes' : 'produces', event_type: type },
    ...{ count: 60, rate_per_s: 1, inferred_share: 0, stopped: null, state: 'flowing' },
    ...{ measured: 60, p50_ms: 10, p95_ms: 20, p99_ms: null, max_ms: 30 },
    ...change,
  };
}

export function placeId(place: string): string {
  return place.startsWith('#') ? `topic:${place.slice(1)}` : `service:${place}`;
}

export function node(place: string, state: FlowState = 'flowing', change: Partial<FlowNode> = {}): FlowNode {
  return {
    ...{ id: placeId(place), kind: place.startsWith('#') ? 'topic' : 'service', name: place.replace('#', '') },
    ...{ system: null, rate_per_s: 1, count: 60, p95_ms: null, dead_letter_depth: null, violation_count: 0 },
    ...{ holes: 0, missing: '0', dead_letters: false, state },
    ...change,
  };
}

export function group(topic: string, name: string, service: string | null = null, members = 1): FlowGroup {
  return { group: name, topic: placeId(topic), service: service === null ? null : placeId(service), members, lag: '0' };
}

/** An answer of these edges, with a node for each place they name. */
export function answerOf(edges: readonly FlowEdge[], change: Partial<FlowAnswer> = {}): FlowAnswer {
  const places = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  return {
    as_of: NOW,
    coverage: { stored_share: 1, holes: 0, lower_bound: false },
    ...{ from: NOW, to: NOW, edges, groups: [], settled_to: NOW },
    nodes: places.map((id) => node(id.startsWith('topic:') ? `#${id.slice(6)}` : id.slice(8))),
    ...change,
  };
}
