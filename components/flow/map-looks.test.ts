import { expect, test } from 'vitest';
import type { FlowAnswer } from '@/server/model/flow-wire.ts';
import { answerOf, edge, group, node } from './flow.test-support.ts';
import { flowGraph } from './flow-graph.ts';
import { lineLook, placeLook } from './map-looks.ts';

const graphOf = (answer: FlowAnswer) => flowGraph(answer, { view: 'topics', focus: null, inferred: true, fold: true });
const looks = (answer: FlowAnswer) => {
  const { nodes, bundles } = graphOf(answer);
  return { places: nodes.map((one) => placeLook(one)), lines: bundles.map((one) => lineLook(one)) };
};

test('a service says first that its groups are empty', () => {
  const edges = [edge('#t', 'b', 'E', { state: 'stalled' })];
  const groups = [group('#t', 'g', 'b', 0), group('#t', 'h', 'b', 2)];
  const { places, lines } = looks(answerOf(edges, { nodes: [node('#t'), node('b', 'stalled')], groups }));
  expect(places[1]).toMatchObject({ fact: '1 of 2 groups empty', factOfState: true });
  expect(lines[0]?.label).toBe('stopped');
});

test('a stop says how much waits, where that is known', () => {
  const edges = [edge('#t', 'b', 'E', { state: 'stalled' })];
  const waiting = { ...group('#t', 'g', 'b', 0), lag: '14' };
  expect(looks(answerOf(edges, { groups: [waiting] })).lines[0]?.label).toBe('14 waiting');
  expect(looks(answerOf(edges, { groups: [waiting, { ...waiting, lag: null }] })).lines[0]?.label).toBe('stopped');
});

test('a line with nothing on it says so, a rate is per minute', () => {
  const edges = [edge('a', '#t'), edge('a', '#u', 'E', { count: 0, rate_per_s: 0, state: 'unknown', measured: 0 })];
  const { lines, places } = looks(answerOf(edges));
  expect(lines.map(({ label }) => label)).toEqual(['60.0/min', 'nothing in range']);
  expect(places[0]?.fact).toBe('60.0/min out');
});

test('close up a line tells its p95, too few as such, and nothing where nothing is measured', () => {
  const p95 = (change: object) => looks(answerOf([edge('#t', 'b', 'E', change)])).lines[0]?.p95;
  expect(p95({})).toBe('p95 20 ms');
  expect(p95({ measured: 3, p95_ms: null })).toBe('p95 too few');
  expect(p95({ measured: 0, p95_ms: null })).toBe('');
});

test('a topic with holes carried at least what is counted, and says how much is missing', () => {
  const nodes = [node('a'), node('#t', 'flowing', { holes: 2, missing: '38' })];
  expect(looks(answerOf([edge('a', '#t')], { nodes })).places[1]?.fact).toBe('≥ 60.0/min, 38 missing');
});

test('depth is of dead letters', () => {
  const nodes = [node('a'), node('#dlq', 'dead', { dead_letters: true, dead_letter_depth: 23 })];
  expect(looks(answerOf([edge('a', '#dlq')], { nodes })).places[1]?.depth).toBe('23 deep');
});
