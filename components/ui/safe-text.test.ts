import { expect, test } from 'vitest';
import { safeText } from './safe-text.ts';

test('control characters are named, also where the store wrote their picture', () => {
  expect(safeText('a\u0000b\nc\u007f')).toBe('a‹NUL›b‹LF›c‹DEL›');
  expect(safeText('␀␡\u0085')).toBe('‹NUL›‹DEL›‹U+0085›');
});

test('a right-to-left override cannot turn the text around', () => {
  expect(safeText('abc\u202Efdp.exe')).toBe('abc‹U+202E›fdp.exe');
  expect(safeText('\u2066x\u2069')).toBe('‹U+2066›x‹U+2069›');
});

test('markup stays the text it is, and letters of every script are kept', () => {
  expect(safeText('<img onerror=alert(1)>')).toBe('<img onerror=alert(1)>');
  expect(safeText('naïve 東京 👩')).toBe('naïve 東京 👩');
});

test('a long name is cut at whole characters', () => {
  expect(safeText('x'.repeat(600))).toHaveLength(513);
  expect(safeText('😀😀', 3)).toBe('😀…');
});
