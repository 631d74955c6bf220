import { expect, test } from 'vitest';
import { idPrefix, storableText } from './storable-text.ts';

test('what PostgreSQL cannot hold is shown by a sign, also where a cut splits a pair', () => {
  expect(storableText('a\0b', 10)).toBe('a␀b');
  expect(storableText('\uDC00x\uD800', 10)).toBe('\uFFFDx\uFFFD');
  expect(storableText('😀', 10)).toBe('😀');
  expect(storableText('😀', 1)).toBe('\uFFFD');
});

test('a prefix is in lower case and at most 128 units, even where lower case is longer', () => {
  expect(idPrefix('AbC')).toBe('abc');
  expect(idPrefix('İ'.repeat(200)).length).toBe(128);
});
