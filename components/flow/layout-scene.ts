import { Graph, layout } from '@dagrejs/dagre';
import type { MapScene, ScenePlace } from './map-scene.ts';

/** Left upper corner of a place. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

export interface SceneLayout {
  readonly positions: ReadonlyMap<string, Position>;
  /** Where lines over several columns pass between their ends, so that they go around what stands there. */
  readonly bends: ReadonlyMap<string, readonly Position[]>;
}

const NODE_SEP = 26;
/** An end stands this far from where its line begins. */
const END_GAP = 30;

/** Lays a scene out from left to right. */
export function layoutScene({ places, lines, columnGap }: MapScene): SceneLayout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', ranksep: columnGap, nodesep: NODE_SEP, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of places) graph.setNode(id, { width, height });
  for (const { id, from, to } of lines) graph.setEdge(from, to, {}, id);
  layout(graph);
  const middle = new Map<string, Position>();
  for (const { id } of places) {
    const { x = 0, y = 0 } = graph.node(id);
    middle.set(id, { x, y });
  }
  const bends = new Map<string, readonly Position[]>();
  for (const { id, from, to } of lines) {
    const points: readonly Position[] = graph.edge(from, to, id).points ?? [];
    // The first and last stand on the borders; a line to the next column has but one between them.
    bends.set(id, points.length > 3 ? points.slice(1, -1).map(({ x, y }) => ({ x, y })) : []);
  }
  return { positions: besideTheirLine(leftAligned(places, middle), { places, lines }), bends };
}

/** Places of a column begin at one x, however wide they are. */
function leftAligned(places: readonly ScenePlace[], middle: ReadonlyMap<string, Position>): Map<string, Position> {
  const left = new Map<number, number>();
  const columnOf = (place: ScenePlace) => Math.round(middle.get(place.id)?.x ?? 0);
  for (const place of places) {
    const x = columnOf(place);
    left.set(x, Math.min(left.get(x) ?? Number.POSITIVE_INFINITY, x - place.width / 2));
  }
  return new Map(
    places.map((place) => [
      place.id,
      { x: left.get(columnOf(place)) ?? 0, y: (middle.get(place.id)?.y ?? 0) - place.height / 2 },
    ]),
  );
}

/** An end stands close to where its line begins, and level with it where it is the only one. */
function besideTheirLine(
  positions: Map<string, Position>,
  { places, lines }: Pick<MapScene, 'places' | 'lines'>,
): Map<string, Position> {
  const byId = new Map(places.map((place) => [place.id, place]));
  const outOf = new Map<string, number>();
  for (const { from } of lines) outOf.set(from, (outOf.get(from) ?? 0) + 1);
  for (const { from, to } of lines) {
    const [source, end, at] = [byId.get(from), byId.get(to), positions.get(from)];
    const place = positions.get(to);
    if (source === undefined || end === undefined || at === undefined || place === undefined || !isEnd(end)) continue;
    const alone = outOf.get(from) === 1;
    positions.set(to, {
      x: at.x + source.width + END_GAP,
      y: alone ? at.y + source.height / 2 - end.height / 2 : place.y,
    });
  }
  return positions;
}

function isEnd({ kind }: ScenePlace): boolean {
  return kind !== 'service' && kind !== 'topic' && kind !== 'fold';
}
