import type { FlowAnswer, FlowEdge, FlowGroup, FlowNode, FlowState } from '@/server/model/flow-wire.ts';
import { isFinding, rankOf, worstOf } from './flow-state.ts';

/** All edges between two places in one direction, drawn as one line. */
export interface Bundle {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Its event types, worst first and then by count; none where groups read and nothing came. */
  readonly parts: readonly FlowEdge[];
  /** Groups that read along it. */
  readonly groups: readonly FlowGroup[];
  readonly count: number;
  readonly rate_per_s: number;
  /** Of all its hops; null without any. */
  readonly inferred_share: number | null;
  readonly state: FlowState;
}

/** A node as it is drawn; `folds` are the nodes it stands for. */
export interface GraphNode extends FlowNode {
  readonly folds: readonly FlowNode[];
  /** Groups that read a topic, or belong to a service. */
  readonly groups: readonly FlowGroup[];
}

export interface FlowGraph {
  readonly nodes: readonly GraphNode[];
  readonly bundles: readonly Bundle[];
  /** Nodes of the whole map; fewer are drawn in focus or where some fold. */
  readonly total: number;
}

export type FlowView = 'topics' | 'services';

export interface GraphOptions {
  readonly view: FlowView;
  /** Only this node and those up to two hops from it. */
  readonly focus: string | null;
  /** Also edges whose causes are mostly inferred. */
  readonly inferred: boolean;
  /** Topics that are alike and well stand together. */
  readonly fold: boolean;
}

/** A map with more nodes than this folds what is alike and well. */
export const FOLD_OVER = 60;
const FOCUS_HOPS = 2;
/** Fewer alike are drawn one by one. */
const FOLD_LEAST = 3;

/** What is drawn of an answer: one view of it, in focus, folded where it is large. */
export function flowGraph(answer: FlowAnswer, { view, focus, inferred, fold }: GraphOptions): FlowGraph {
  const edges = answer.edges.filter((edge) => inferred || (edge.inferred_share ?? 0) <= 0.5);
  const known = new Set(answer.nodes.map(({ id }) => id));
  const whole =
    view === 'services'
      ? serviceBundles(edges, answer.groups)
      : withReaders(bundle(edges, pairOf), answer.groups, known);
  const bundles = whole.filter(({ from, to }) => known.has(from) && known.has(to));
  const shown = answer.nodes.filter(({ kind }) => view === 'topics' || kind === 'service');
  const nodes = shown.map((node) => ({ ...node, folds: [], groups: groupsOf(node, answer.groups) }));
  const focused = focusOn({ nodes, bundles, total: nodes.length }, focus);
  return fold && focused.nodes.length > FOLD_OVER ? foldAlike(focused, focus) : focused;
}

export function bundleId(from: string, to: string): string {
  return JSON.stringify([from, to]);
}

function pairOf({ from, to }: FlowEdge): readonly (readonly [string, string])[] {
  return [[from, to]];
}

/** Edges by the pairs they are drawn between; an edge may belong to several. */
function bundle(
  edges: readonly FlowEdge[],
  pairsOf: (edge: FlowEdge) => readonly (readonly [string, string])[],
): Bundle[] {
  const pairs = new Map<string, { from: string; to: string; parts: FlowEdge[] }>();
  for (const edge of edges)
    for (const [from, to] of pairsOf(edge)) {
      const id = bundleId(from, to);
      const found = pairs.get(id);
      if (found === undefined) pairs.set(id, { from, to, parts: [edge] });
      else found.parts.push(edge);
    }
  return [...pairs].map(([id, { from, to, parts }]) => ({ id, from, to, groups: [], ...summed(parts) }));
}

function summed(
  parts: readonly FlowEdge[],
): Pick<Bundle, 'parts' | 'count' | 'rate_per_s' | 'inferred_share' | 'state'> {
  const hops = parts.filter((part) => part.inferred_share !== null);
  const weight = hops.reduce((sum, part) => sum + part.count, 0);
  return {
    parts: [...parts].sort((a, b) => rankOf(a.state) - rankOf(b.state) || b.count - a.count),
    count: parts.reduce((sum, part) => sum + part.count, 0),
    rate_per_s: parts.reduce((sum, part) => sum + part.rate_per_s, 0),
    inferred_share:
      weight === 0 ? null : hops.reduce((sum, part) => sum + (part.inferred_share ?? 0) * part.count, 0) / weight,
    state: worstOf(parts.map((part) => part.state)),
  };
}

/** From service to service, by the type that one sends onto a topic and the other acts upon from there. */
function serviceBundles(edges: readonly FlowEdge[], groups: readonly FlowGroup[]): Bundle[] {
  const senders = new Map<string, string[]>();
  for (const edge of edges) {
    if (edge.kind !== 'produces') continue;
    const key = bundleId(edge.to, edge.event_type);
    senders.set(key, [...(senders.get(key) ?? []), edge.from]);
  }
  const bundles = bundle(
    edges.filter(({ kind }) => kind === 'consumes'),
    (edge) => (senders.get(bundleId(edge.from, edge.event_type)) ?? []).map((from) => [from, edge.to] as const),
  );
  return bundles.map((one) => ({
    ...one,
    groups: groups.filter(({ service, topic }) => service === one.to && one.parts.some(({ from }) => from === topic)),
  }));
}

/** Groups beside what they read along; a group of a service whom nothing made act is an edge with nothing on it. */
function withReaders(bundles: readonly Bundle[], groups: readonly FlowGroup[], known: ReadonlySet<string>): Bundle[] {
  const byId = new Map(bundles.map((one) => [one.id, one]));
  for (const group of groups) {
    if (group.service === null || !known.has(group.service) || !known.has(group.topic)) continue;
    const id = bundleId(group.topic, group.service);
    const found = byId.get(id) ?? { id, from: group.topic, to: group.service, groups: [], ...summed([]) };
    byId.set(id, { ...found, groups: [...found.groups, group] });
  }
  return [...byId.values()];
}

function groupsOf(node: FlowNode, groups: readonly FlowGroup[]): readonly FlowGroup[] {
  return groups.filter((group) => (node.kind === 'topic' ? group.topic : group.service) === node.id);
}

function focusOn(graph: FlowGraph, focus: string | null): FlowGraph {
  if (focus === null || !graph.nodes.some(({ id }) => id === focus)) return graph;
  let near = new Set([focus]);
  for (let hop = 0; hop < FOCUS_HOPS; hop++) {
    const further = graph.bundles.flatMap(({ from, to }) => (near.has(from) || near.has(to) ? [from, to] : []));
    near = new Set([...near, ...further]);
  }
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => near.has(id)),
    bundles: graph.bundles.filter(({ from, to }) => near.has(from) && near.has(to)),
  };
}

/** Groups by their names: what one has not read of several topics is told as one sum, null where a part is not known. */
export function groupsByName(groups: readonly FlowGroup[]): readonly FlowGroup[] {
  const known = new Map<string, FlowGroup>();
  for (const each of groups) {
    const { group, lag } = each;
    const before = known.get(group);
    if (before === undefined) known.set(group, each);
    else known.set(group, { ...before, lag: before.lag === null || lag === null ? null : sumOf(before.lag, lag) });
  }
  return [...known.values()];
}

function sumOf(a: string, b: string): string {
  return String(BigInt(a) + BigInt(b));
}

/** Topics that are well and hang between the same services stand for each other. A finding is never folded away. */
function foldAlike(graph: FlowGraph, focus: string | null): FlowGraph {
  const found = new Set(graph.bundles.flatMap(({ state, from, to }) => (isFinding(state) ? [from, to] : [])));
  const alike = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    if (node.kind !== 'topic' || isFinding(node.state) || found.has(node.id) || node.id === focus) continue;
    const from = graph.bundles.filter(({ to }) => to === node.id).map((one) => one.from);
    const to = graph.bundles.filter((one) => one.from === node.id).map((one) => one.to);
    const key = JSON.stringify([from.sort(), to.sort()]);
    alike.set(key, [...(alike.get(key) ?? []), node]);
  }
  const into = new Map<string, string>();
  const folded: GraphNode[] = [];
  for (const [key, nodes] of alike) {
    if (nodes.length < FOLD_LEAST) continue;
    const fold = foldedNode(`fold:${key}`, nodes);
    folded.push(fold);
    for (const { id } of nodes) into.set(id, fold.id);
  }
  const end = (id: string) => into.get(id) ?? id;
  const merged = new Map<string, { readonly parts: FlowEdge[]; readonly groups: FlowGroup[] }>();
  for (const { from, to, parts, groups } of graph.bundles) {
    const id = bundleId(end(from), end(to));
    const one = merged.get(id) ?? { parts: [], groups: [] };
    merged.set(id, { parts: [...one.parts, ...parts], groups: [...one.groups, ...groups] });
  }
  const ends = new Map(
    graph.bundles.map(({ from, to }) => [bundleId(end(from), end(to)), [end(from), end(to)] as const]),
  );
  return {
    ...graph,
    nodes: [...graph.nodes.filter(({ id }) => !into.has(id)), ...folded],
    bundles: [...merged].flatMap(([id, { parts, groups }]) => {
      const pair = ends.get(id);
      return pair === undefined ? [] : [{ id, from: pair[0], to: pair[1], groups, ...summed(parts) }];
    }),
  };
}

function foldedNode(id: string, nodes: readonly GraphNode[]): GraphNode {
  return {
    ...{ id, kind: 'topic', name: `${nodes.length} topics`, system: null, p95_ms: null },
    rate_per_s: nodes.reduce((sum, node) => sum + node.rate_per_s, 0),
    count: nodes.reduce((sum, node) => sum + node.count, 0),
    // What has a finding is never folded; a hole is none.
    ...{ dead_letter_depth: null, violation_count: 0, dead_letters: false },
    holes: nodes.reduce((sum, node) => sum + node.holes, 0),
    missing: String(nodes.reduce((sum, node) => sum + BigInt(node.missing), 0n)),
    state: worstOf(nodes.map((node) => node.state).filter((state) => state !== 'unknown')),
    folds: nodes,
    groups: nodes.flatMap((node) => node.groups),
  };
}
