import type { FlowGroup, FlowState } from '@/server/model/flow-wire.ts';
import { cutBackEdges } from './cut-back-edges.ts';
import type { Bundle, FlowGraph, GraphNode } from './flow-graph.ts';
import { isFinding } from './flow-state.ts';

/** What stands on the map, without any number that ticks: it changes only when something comes or goes. */
export interface MapScene {
  readonly places: readonly ScenePlace[];
  readonly lines: readonly SceneLine[];
  /** Room between two columns: where there are no topics between services, labels need it. */
  readonly columnGap: number;
  /** The same for scenes that are laid out alike. */
  readonly key: string;
}

export interface ScenePlace {
  readonly id: string;
  readonly kind: 'service' | 'topic' | 'fold' | EndKind;
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/**
 * What stands where a line ends: `back` the name of a place further left, `reader` a group that sends nothing on,
 * `unread` no reader at all, `last` nothing known after it.
 */
export type EndKind = 'back' | 'reader' | 'unread' | 'last';

export interface SceneLine {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The bundle drawn; null for a line to an end that stands for none. */
  readonly bundle: string | null;
}

const SERVICE = { width: 152, height: 44 };
const TOPIC = { width: 178, height: 28 };
/** Width of a character of 12 px, and of what stands around an end's name. */
const CHARACTER_PX = 6.6;
const END_PX = 26;
const GAP_PX = 52;
const WIDE_GAP_PX = 120;
const LONGEST_END = 22;

/** The places and lines of a graph: lines that go backwards end at the name of their target, topics end at who reads. */
export function mapScene(graph: FlowGraph, groupsKnown: boolean): MapScene {
  const names = new Map(graph.nodes.map((node) => [node.id, node.name]));
  const back = cutBackEdges(
    [...names.keys()],
    graph.bundles.map(({ id, from, to, state, count }) => ({ id, from, to, weight: weightOf(state, count) })),
  );
  const places: ScenePlace[] = graph.nodes.map(placeOf);
  const lines: SceneLine[] = [];
  for (const bundle of graph.bundles) {
    const target = back.has(bundle.id) ? endOf(`back:${bundle.id}`, 'back', names.get(bundle.to) ?? '') : null;
    if (target !== null) places.push(target);
    lines.push({ id: bundle.id, from: bundle.from, to: target?.id ?? bundle.to, bundle: bundle.id });
  }
  for (const end of graph.nodes.flatMap((node) => endsOf(node, graph.bundles, groupsKnown))) {
    places.push(end.place);
    lines.push({ id: `line:${end.place.id}`, from: end.from, to: end.place.id, bundle: null });
  }
  const key = JSON.stringify([places.map(({ id, width }) => [id, width]), lines.map(({ id }) => id)]);
  const columnGap = graph.nodes.some(({ kind }) => kind === 'topic') ? GAP_PX : WIDE_GAP_PX;
  return { places, lines, columnGap, key };
}

/** A finding leads forward if anything does; an edge with nothing on it goes back first. */
function weightOf(state: FlowState, count: number): number {
  if (isFinding(state)) return 4;
  return count > 0 ? 2 : 0;
}

/** Whether a topic has no reader, as far as groups are known. */
export function isUnread(node: GraphNode, bundles: readonly Bundle[], groupsKnown: boolean): boolean {
  return (
    groupsKnown &&
    node.kind === 'topic' &&
    node.folds.length === 0 &&
    !node.dead_letters &&
    node.groups.length === 0 &&
    !bundles.some(({ from }) => from === node.id)
  );
}

function placeOf(node: GraphNode): ScenePlace {
  const { id, name } = node;
  if (node.folds.length > 0) return { id, kind: 'fold', name, ...TOPIC };
  return { id, kind: node.kind, name, ...(node.kind === 'service' ? SERVICE : TOPIC) };
}

function endsOf(
  node: GraphNode,
  bundles: readonly Bundle[],
  groupsKnown: boolean,
): readonly { readonly from: string; readonly place: ScenePlace }[] {
  if (node.kind !== 'topic' || node.dead_letters || node.folds.length > 0) return [];
  const silent = node.groups.filter(({ service }) => service === null);
  const ends = silent.map((group) => groupEnd(node.id, group));
  if (ends.length === 0 && !bundles.some(({ from }) => from === node.id)) {
    const unread = isUnread(node, bundles, groupsKnown);
    ends.push(
      unread ? endOf(`unread:${node.id}`, 'unread', 'nobody reads it') : endOf(`last:${node.id}`, 'last', 'ends here'),
    );
  }
  return ends.map((place) => ({ from: node.id, place }));
}

function groupEnd(topic: string, { group }: FlowGroup): ScenePlace {
  return endOf(`group:${JSON.stringify([topic, group])}`, 'reader', group);
}

function endOf(id: string, kind: EndKind, name: string): ScenePlace {
  const width = Math.round(Math.min(LONGEST_END, name.length) * CHARACTER_PX) + END_PX;
  return { id, kind, name, width, height: kind === 'unread' ? 28 : 20 };
}
