import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatCounted, formatRate, formatShare } from './format-number.ts';

test('counts mark thousands and keep 64-bit texts exact', () => {
  expect(formatCount(153_364)).toBe('153,364');
  expect(formatCount('9223372036854775807')).toBe('9,223,372,036,854,775,807');
  expect(formatCount(0)).toBe('0');
  expect(formatCounted('1', 'hole')).toBe('1 hole');
  expect(formatCounted(2, 'hole')).toBe('2 holes');
});

test('a share is never rounded to all or to none', () => {
  expect(formatShare(1)).toBe('100 %');
  expect(formatShare(0.99999999)).toBe('99.999 %');
  expect(formatShare(0.99975)).toBe('99.975 %');
  expect(formatShare(0.0000001)).toBe('< 0.1 %');
  expect(formatShare(0.031)).toBe('3.1 %');
  expect(formatShare(0)).toBe('0 %');
});

test('bytes and rates are short', () => {
  expect(formatBytes(812)).toBe('812 B');
  expect(formatBytes(4_200)).toBe('4.2 kB');
  expect(formatBytes(1_300_000)).toBe('1.3 MB');
  expect(formatRate(42.6)).toBe('42.6');
  expect(formatRate(0)).toBe('0');
  expect(formatRate(0.001)).toBe('< 0.01');
});
