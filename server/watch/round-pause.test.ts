import { expect, it } from 'vitest';
import { roundPause } from './round-pause.ts';

it('rests longer after a round that took long or found much, and never longer than half a minute', () => {
  expect(roundPause(20, 3)).toBe(2_000);
  expect(roundPause(500, 3)).toBe(9_500);
  expect(roundPause(20, 500)).toBe(10_000);
  expect(roundPause(9_000, 50_000)).toBe(30_000);
});
