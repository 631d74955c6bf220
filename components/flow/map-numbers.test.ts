import { expect, test, vi } from 'vitest';
import { createMapNumbers } from './map-numbers.ts';

const numbers = () => createMapNumbers<{ n: number }>((a, b) => a.n === b.n);
const of = (...pairs: [string, number][]) => new Map(pairs.map(([id, n]) => [id, { n }]));

test('only those are told whose value is another one', () => {
  const store = numbers();
  const [a, b] = [vi.fn(), vi.fn()];
  store.listen('a', a);
  store.listen('b', b);
  store.set(of(['a', 1], ['b', 1]));
  store.set(of(['a', 1], ['b', 2]));
  expect([a.mock.calls.length, b.mock.calls.length]).toEqual([1, 2]);
});

test('a value that looks the same is the very same', () => {
  const store = numbers();
  store.set(of(['a', 1]));
  const before = store.get('a');
  store.set(of(['a', 1]));
  expect(store.get('a')).toBe(before);
});

test('what is gone is told, and who left is told nothing', () => {
  const store = numbers();
  const [stays, left] = [vi.fn(), vi.fn()];
  store.set(of(['a', 1]));
  store.listen('a', stays);
  store.listen('a', left)();
  store.set(new Map());
  expect(store.get('a')).toBeUndefined();
  expect([stays.mock.calls.length, left.mock.calls.length]).toEqual([1, 0]);
});
