import { expect, test } from 'vitest';
import { cutBackEdges } from './cut-back-edges.ts';

const arrows = (...pairs: string[]) =>
  pairs.map((pair) => ({ id: pair, from: pair[0] ?? '', to: pair[1] ?? '', weight: pair.endsWith('0') ? 0 : 1 }));
const cut = (nodes: string, ...pairs: string[]) => [...cutBackEdges([...nodes], arrows(...pairs))].sort();

test('a graph without a cycle keeps all of its edges', () => {
  expect(cut('abcd', 'ab', 'ac', 'bd', 'cd')).toEqual([]);
});

test('of a request and its reply the reply goes back', () => {
  expect(cut('abcd', 'ab', 'bc', 'cd', 'db')).toEqual(['db']);
});

test('an edge to itself goes back', () => {
  expect(cut('ab', 'aa', 'ab')).toEqual(['aa']);
});

test('the answer is the same in any order', () => {
  const pairs = ['ab', 'bc', 'ca', 'cd', 'de', 'ec'];
  expect(cut('edcba', ...[...pairs].reverse())).toEqual(cut('abcde', ...pairs));
});

test('what is left has no cycle, whatever the graph', () => {
  let seed = 7;
  const next = (limit: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  for (let round = 0; round < 50; round++) {
    const nodes = Array.from({ length: 12 }, (_, index) => `n${index}`);
    const edges = Array.from({ length: 30 }, (_, index) => ({
      id: `e${index}`,
      from: `n${next(12)}`,
      to: `n${next(12)}`,
      weight: next(3),
    }));
    const back = cutBackEdges(nodes, edges);
    let left = edges.filter(({ id }) => !back.has(id));
    let rest = nodes;
    // Taking away what nothing comes into takes all away, if there is no cycle.
    for (let before = -1; before !== rest.length; ) {
      before = rest.length;
      rest = rest.filter((node) => left.some(({ to }) => to === node));
      left = left.filter(({ from }) => rest.includes(from));
    }
    expect(rest).toEqual([]);
  }
});

test('an edge with nothing on it goes back before one that carries events', () => {
  expect(cut('abc', 'ab0', 'bc', 'ca')).toEqual(['ab0']);
});

test('what carries nothing goes forward where it closes no cycle', () => {
  expect(cut('ab', 'ab0')).toEqual([]);
  expect(cut('ab', 'ba0')).toEqual([]);
});

test('a chain of hundreds is walked to its end', () => {
  const nodes = Array.from({ length: 600 }, (_, index) => `n${index}`);
  const edges = nodes.slice(1).map((to, index) => ({ id: to, from: nodes[index] ?? '', to, weight: 1 }));
  expect(cutBackEdges(nodes, edges).size).toBe(0);
});
