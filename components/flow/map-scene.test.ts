import { expect, test } from 'vitest';
import type { FlowAnswer } from '@/server/model/flow-wire.ts';
import { answerOf, edge, group, node, placeId } from './flow.test-support.ts';
import { flowGraph } from './flow-graph.ts';
import { mapScene } from './map-scene.ts';

const sceneOf = (answer: FlowAnswer, groupsKnown = true) =>
  mapScene(flowGraph(answer, { view: 'topics', focus: null, inferred: true, fold: true }), groupsKnown);
const endsOf = (scene: ReturnType<typeof sceneOf>) =>
  scene.places.filter(({ kind }) => kind !== 'service' && kind !== 'topic').map(({ kind, name }) => [kind, name]);

test('a line that goes backwards ends at the name of its target', () => {
  const scene = sceneOf(answerOf([edge('a', '#t'), edge('#t', 'b'), edge('b', '#r'), edge('#r', 'a')]));
  expect(endsOf(scene)).toEqual([['back', 'a']]);
  expect(scene.lines.map(({ to }) => to)).not.toContain(placeId('a'));
  expect(scene.lines).toHaveLength(4);
});

test('a topic ends at a group that sends nothing on, at nobody, or at nothing known', () => {
  const edges = [edge('a', '#t'), edge('a', '#u')];
  const answer = answerOf(edges, { groups: [group('#t', 'obs.v1')] });
  expect(endsOf(sceneOf(answer))).toEqual([
    ['reader', 'obs.v1'],
    ['unread', 'nobody reads it'],
  ]);
  expect(endsOf(sceneOf(answerOf(edges), false))).toEqual([
    ['last', 'ends here'],
    ['last', 'ends here'],
  ]);
});

test('of dead letters nobody has to read, and who is read needs no end', () => {
  const answer = answerOf([edge('a', '#dlq'), edge('a', '#t'), edge('#t', 'b')]);
  const nodes = answer.nodes.map((one) => (one.id === placeId('#dlq') ? { ...one, dead_letters: true } : one));
  expect(endsOf(sceneOf({ ...answer, nodes }))).toEqual([]);
});

test('numbers that tick change nothing of the scene, what comes or goes does', () => {
  const first = sceneOf(answerOf([edge('a', '#t')]));
  const nodes = [node('a', 'slow', { count: 9 }), node('#t', 'dead')];
  expect(sceneOf(answerOf([edge('a', '#t', 'E', { count: 999, state: 'dead' })], { nodes })).key).toBe(first.key);
  expect(sceneOf(answerOf([edge('a', '#t'), edge('a', '#u')])).key).not.toBe(first.key);
});
