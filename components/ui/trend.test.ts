import { expect, test } from 'vitest';
import { trendBars } from './trend.ts';

const SIZE = { width: 100, height: 20 };

test('the greatest count is as high as there is room, and one beside a thousand is seen', () => {
  expect(trendBars([1000, 0, 1], SIZE)).toEqual([
    { x: 0, y: 0, width: expect.closeTo(32.6, 1), height: 20 },
    { x: 66.7, y: 17, width: expect.closeTo(32.6, 1), height: 3 },
  ]);
});

test('no counts have no bars', () => {
  expect(trendBars([], SIZE)).toEqual([]);
  expect(trendBars([0, 0], SIZE)).toEqual([]);
});
