import { expect, test } from 'vitest';
import type { FlowAnswer } from '@/server/model/flow-wire.ts';
import { answerOf, edge, group, node } from './flow.test-support.ts';
import { flowGraph } from './flow-graph.ts';
import { flowVerdict } from './flow-verdict.ts';

const verdictOf = (answer: FlowAnswer) =>
  flowVerdict(flowGraph(answer, { view: 'topics', focus: null, inferred: true, fold: true }), answer.groups.length > 0);

test('the worst is said first, and at most three things', () => {
  const edges = [
    edge('a', '#t', 'E', { state: 'slow' }),
    edge('#t', 'b', 'E', { state: 'stalled' }),
    edge('b', '#v', 'E', { state: 'violating' }),
    edge('b', '#dlq', 'E', { state: 'dead' }),
  ];
  expect(verdictOf(answerOf(edges))).toEqual({
    mark: 'stalled',
    sentence: '1 edge has stopped, 1 edge leads to dead letters, 1 edge carries violations',
  });
});

test('a topic that nobody reads is a fact, not a state', () => {
  const answer = answerOf([edge('a', '#t'), edge('#t', 'b'), edge('b', '#u')], { groups: [group('#t', 'g', 'b')] });
  expect(verdictOf(answer)).toEqual({ mark: 'flowing', sentence: '1 topic has no reader' });
});

test('nothing in the range is not called well', () => {
  const silent = { count: 0, state: 'unknown' as const };
  expect(verdictOf(answerOf([edge('a', '#t', 'E', silent)]))).toMatchObject({ mark: 'unknown' });
  expect(verdictOf(answerOf([], { nodes: [node('#t', 'unknown')] }))).toMatchObject({ mark: 'unknown' });
  expect(verdictOf(answerOf([edge('a', '#t'), edge('#t', 'b', 'E', silent)])).sentence).toBe(
    '1 of 2 edges flow, the others had nothing in this range',
  );
});

test('all well is said', () => {
  expect(verdictOf(answerOf([edge('a', '#t'), edge('#t', 'b')]))).toEqual({
    mark: 'flowing',
    sentence: 'Everything flows',
  });
});
