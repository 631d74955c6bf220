import { expect, test } from 'vitest';
import { durationText, parseDuration } from './duration-text.ts';

test.each([
  ['250ms', 250],
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
])('%s is read, and written the same', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
  expect(durationText(ms)).toBe(text);
});

test('spaces around a number count for nothing, the largest whole unit is written', () => {
  expect(parseDuration(' 1500 ms ')).toBe(1500);
  expect(durationText(2000)).toBe('2s');
  expect(durationText(1500)).toBe('1500ms');
});

test.each(['', '0s', '5', 'soon', '1.5s', '-1s', '5 s s', '12345678ms'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});
