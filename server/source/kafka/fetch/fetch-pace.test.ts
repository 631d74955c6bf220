import { expect, test } from 'vitest';
import { restMs } from './fetch-pace.ts';

test('small answers come twenty milliseconds apart', () => {
  expect(restMs(700, 3)).toBe(17);
  expect(restMs(60_000, 0)).toBe(20);
});

test('a record after a pause, a backlog and an empty answer wait for nothing', () => {
  expect([restMs(700, 400), restMs(2_000_000, 1), restMs(0, 1)]).toEqual([0, 0, 0]);
});
