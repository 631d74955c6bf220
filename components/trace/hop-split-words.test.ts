import { expect, test } from 'vitest';
import { splitTitle, stretchWords, unsplitWords } from './hop-split-words.ts';

test.each([
  [1200, 1500, '1.20–1.50 s'],
  [300, 600, '300–600 ms'],
  [800, 1200, '800 ms–1.20 s'],
  [0, 1500, 'up to 1.50 s'],
  [0, 0, '0 ms'],
  [1500, 1500, '1.50 s'],
  [1500.1, 1500.3, '1.50 s'],
  [62_000, 372_000, '1 min 02 s–6 min 12 s'],
  [500, 62_000, '500 ms–1 min 02 s'],
])('between %s and %s ms is %s', (from_ms, to_ms, words) => {
  expect(stretchWords({ from_ms, to_ms })).toBe(words);
});

test('the title says how far apart the looks were, and that no part is processing time', () => {
  expect(splitTitle({ resolution_ms: 2500 })).toContain('looked at 2.50 s apart');
  expect(splitTitle({ resolution_ms: null })).toContain('nobody looked at them before the commit');
  expect(splitTitle({ resolution_ms: null })).toContain('neither part is processing time');
});

test('a hop that cannot be split says in one line for how many groups', () => {
  expect(unsplitWords({ groups: ['a', 'b', 'c', 'd'] })).toBe('waiting unknown for 4 groups');
  expect(unsplitWords({ groups: ['a'] })).toBe('waiting unknown');
  expect(unsplitWords({ groups: Array.from('0123456789') })).toBe('waiting unknown for ≥ 10 groups');
  expect(unsplitWords({ groups: [] })).toBe('waiting unknown');
});
