import { describe, expect, test } from 'vitest';
import { answerOf, edge, group, placeId } from './flow.test-support.ts';
import { flowGraph } from './flow-graph.ts';
import { layoutScene, type Position } from './layout-scene.ts';
import { type MapScene, mapScene, type ScenePlace } from './map-scene.ts';
import { placeScene } from './place-scene.ts';

const EDGES = [
  ...['t', 'u', 'v'].map((topic) => edge('a', `#${topic}`)),
  ...[edge('#t', 'b'), edge('#u', 'b'), edge('b', '#w'), edge('#w', 'a'), edge('#v', 'c'), edge('a', '#w')],
];
const sceneOf = (edges = EDGES, groups = [group('#u', 'obs')]): MapScene =>
  mapScene(flowGraph(answerOf(edges, { groups }), { view: 'topics', focus: null, inferred: true, fold: true }), true);

/** Pairs of places that cover each other. */
function covering(places: readonly ScenePlace[], positions: ReadonlyMap<string, Position>): string[] {
  const boxes = places.map((place) => ({ ...place, ...(positions.get(place.id) ?? { x: 0, y: 0 }) }));
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
      .map((b) => `${a.id} and ${b.id}`),
  );
}

describe('a layout', () => {
  const scene = sceneOf();
  const { positions } = layoutScene(scene);

  test('leads every line to the right and covers nothing', () => {
    for (const { from, to } of scene.lines)
      expect(positions.get(to)?.x ?? 0).toBeGreaterThan(positions.get(from)?.x ?? 0);
    expect(covering(scene.places, positions)).toEqual([]);
  });

  test('aligns a column at its left', () => {
    const xs = ['t', 'u', 'v'].map((topic) => positions.get(placeId(`#${topic}`))?.x);
    expect(new Set(xs).size).toBe(1);
  });

  test('is the same for the same scene', () => {
    expect(layoutScene(sceneOf()).positions).toEqual(positions);
  });

  test('takes a map of two hundred topics', () => {
    const many = Array.from({ length: 200 }, (_, index) => edge(`s${index % 9}`, `#t${index}`));
    const large = mapScene(
      flowGraph(answerOf(many), { view: 'topics', focus: null, inferred: true, fold: false }),
      true,
    );
    expect(covering(large.places, layoutScene(large).positions)).toEqual([]);
  });
});

describe('places', () => {
  test('that stood somewhere stay, and a new one covers none of them', () => {
    const before = sceneOf();
    const stood = placeScene(before.places, layoutScene(before), new Map());
    const after = sceneOf([...EDGES, edge('a', '#new'), edge('#new', 'd')]);
    const placed = placeScene(after.places, layoutScene(after), stood);
    for (const [id, at] of stood) if (after.places.some((place) => place.id === id)) expect(placed.get(id)).toEqual(at);
    expect(placed.size).toBe(after.places.length);
    const moved = after.places.filter(({ id }) => !stood.has(id));
    expect(covering(after.places, placed).filter((pair) => moved.some(({ id }) => pair.includes(id)))).toEqual([]);
  });

  test('without any that stood are where the layout has them', () => {
    const scene = sceneOf();
    const laidOut = layoutScene(scene);
    expect(placeScene(scene.places, laidOut, new Map())).toEqual(laidOut.positions);
  });
});
