import { expect, test } from 'vitest';
import { answerOf, edge, placeId } from './flow.test-support.ts';
import { bundleId, flowGraph } from './flow-graph.ts';
import { type Step, walkMap } from './walk-map.ts';

const GRAPH = flowGraph(
  answerOf([
    edge('a', '#t'),
    edge('a', '#u', 'E', { count: 90 }),
    edge('#t', 'b'),
    edge('b', '#v', 'E', { state: 'dead' }),
  ]),
  { view: 'topics', focus: null, inferred: true, fold: true },
);
const id = (from: string, to: string) => bundleId(placeId(from), placeId(to));
const walk = (selected: string | null, ...steps: Step[]) =>
  steps.reduce((at, step) => walkMap(GRAPH, at, step), selected);

test('the keys begin at the worst edge', () => {
  expect(walk(null, 'right')).toBe(id('b', '#v'));
});

test('left and right follow the events', () => {
  expect(walk(id('a', '#t'), 'right')).toBe(id('#t', 'b'));
  expect(walk(id('a', '#t'), 'right', 'right', 'left')).toBe(id('#t', 'b'));
  expect(walk(id('a', '#t'), 'left')).toBe(id('a', '#t'));
});

test('up and down go round those that leave the same place', () => {
  expect(walk(id('a', '#t'), 'down')).toBe(id('a', '#u'));
  expect(walk(id('a', '#t'), 'down', 'down')).toBe(id('a', '#t'));
});

test('from a place the keys lead along its edges', () => {
  expect(walk(placeId('b'), 'right')).toBe(id('b', '#v'));
  expect(walk(placeId('b'), 'left')).toBe(id('#t', 'b'));
});

test('an empty map leads nowhere', () => {
  expect(walkMap({ nodes: [], bundles: [], total: 0 }, null, 'down')).toBeNull();
});
