import { describe, expect, test } from 'vitest';
import { answerOf, edge, group, node, placeId } from './flow.test-support.ts';
import { bundleId, type FlowView, flowGraph, type GraphOptions, groupsByName } from './flow-graph.ts';

const WHOLE: GraphOptions = { view: 'topics', focus: null, inferred: true, fold: true };
const LINE = [edge('a', '#t'), edge('#t', 'b'), edge('b', '#u'), edge('#u', 'c'), edge('c', '#v')];
const drawn = (graph: ReturnType<typeof flowGraph>) => graph.bundles.map(({ from, to }) => [from, to]);

describe('edges between the same two places', () => {
  test('are one line with the worst state, all counts and what share is inferred', () => {
    const { bundles } = flowGraph(
      answerOf([
        edge('a', '#t', 'E', { count: 30, inferred_share: 1 }),
        edge('a', '#t', 'F', { count: 90, state: 'slow', inferred_share: 0 }),
        edge('a', '#t', 'G', { count: 500, inferred_share: null }),
      ]),
      WHOLE,
    );
    expect(bundles).toMatchObject([{ count: 620, state: 'slow', inferred_share: 0.25 }]);
    expect(bundles[0]?.parts.map((part) => part.event_type)).toEqual(['F', 'G', 'E']);
  });

  test('are told apart whatever their names hold', () => {
    expect(bundleId('a","b', 'c')).not.toBe(bundleId('a', 'b","c'));
  });
});

test('edges of places that the answer does not have are left out', () => {
  expect(flowGraph(answerOf([edge('a', '#t')], { nodes: [node('a')] }), WHOLE).bundles).toEqual([]);
});

test('a group of a service that nothing made act is an edge with nothing on it', () => {
  const nodes = [node('a'), node('#t'), node('b', 'unknown')];
  const { bundles } = flowGraph(answerOf([edge('a', '#t')], { nodes, groups: [group('#t', 'g', 'b')] }), WHOLE);
  expect(bundles).toMatchObject([{ count: 60 }, { to: placeId('b'), count: 0, state: 'unknown', parts: [] }]);
});

test('inferred edges can be left out', () => {
  const edges = [edge('a', '#t'), edge('#t', 'b', 'E', { inferred_share: 0.9 })];
  expect(drawn(flowGraph(answerOf(edges), { ...WHOLE, inferred: false }))).toEqual([[placeId('a'), placeId('#t')]]);
});

describe('between services alone', () => {
  const view: FlowView = 'services';

  test('who sends a type meets who acts upon it', () => {
    const edges = [edge('a', '#t', 'E'), edge('x', '#t', 'F'), edge('#t', 'b', 'E'), edge('#t', 'c', 'F')];
    expect(drawn(flowGraph(answerOf(edges), { ...WHOLE, view }))).toEqual([
      [placeId('a'), placeId('b')],
      [placeId('x'), placeId('c')],
    ]);
  });

  test('groups stand by what they read', () => {
    const groups = [group('#t', 'g', 'b'), group('#u', 'h', 'b'), group('#t', 'i', 'c')];
    const { bundles } = flowGraph(answerOf([edge('a', '#t'), edge('#t', 'b')], { groups }), { ...WHOLE, view });
    expect(bundles[0]?.groups.map((one) => one.group)).toEqual(['g']);
  });

  test('an effect whose cause nobody is seen to send is no edge', () => {
    expect(flowGraph(answerOf([edge('#t', 'b')]), { ...WHOLE, view }).bundles).toEqual([]);
  });
});

test('in focus are a node and what is up to two hops from it', () => {
  const { nodes, total } = flowGraph(answerOf(LINE), { ...WHOLE, focus: placeId('a') });
  expect(nodes.map(({ id }) => id)).toEqual([placeId('a'), placeId('#t'), placeId('b')]);
  expect(total).toBe(6);
  expect(flowGraph(answerOf(LINE), { ...WHOLE, focus: 'gone' }).nodes).toHaveLength(6);
});

describe('a large map', () => {
  const many = Array.from({ length: 70 }, (_, index) => edge('a', `#t${index}`));

  test('folds topics between the same services, and counts stay whole', () => {
    const { nodes, bundles, total } = flowGraph(answerOf(many), WHOLE);
    expect(nodes.map(({ name, folds }) => [name, folds.length])).toEqual([
      ['a', 0],
      ['70 topics', 70],
    ]);
    expect(bundles).toMatchObject([{ count: 70 * 60 }]);
    expect(total).toBe(71);
  });

  test('keeps the groups of all topics that are folded, and what each has not read of them', () => {
    const edges = many.flatMap((one, index) => [one, edge(`#t${index}`, 'b')]);
    const groups = many.map((_, index) => group(`#t${index}`, 'g', 'b'));
    const { bundles } = flowGraph(answerOf(edges, { groups }), WHOLE);
    expect(bundles.map(({ groups: read }) => read.length)).toEqual([0, 70]);
    const lags = [...groups, { ...group('#t0', 'h', 'b'), lag: null }].map((one, index) => ({
      ...one,
      lag: one.lag === null ? null : `${index}`,
    }));
    expect(groupsByName(lags).map(({ group: name, lag }) => [name, lag])).toEqual([
      ['g', `${(70 * 69) / 2}`],
      ['h', null],
    ]);
    expect(groupsByName([...lags, { ...group('#t1', 'g', 'b'), lag: null }])[0]?.lag).toBeNull();
  });

  test('never folds a finding away', () => {
    const edges = [...many, edge('a', '#bad', 'E', { state: 'dead' })];
    const answer = answerOf(edges);
    const nodes = answer.nodes.map((one) =>
      one.id === placeId('#t3') ? { ...one, state: 'violating' as const } : one,
    );
    const shown = flowGraph({ ...answer, nodes }, WHOLE).nodes.map(({ id }) => id);
    expect(shown).toContain(placeId('#bad'));
    expect(shown).toContain(placeId('#t3'));
    expect(shown).toHaveLength(4);
  });

  test('is whole where it is asked for, and where it is small', () => {
    expect(flowGraph(answerOf(many), { ...WHOLE, fold: false }).nodes).toHaveLength(71);
    expect(flowGraph(answerOf(many.slice(0, 20)), WHOLE).nodes).toHaveLength(21);
  });
});
