import { expect, test } from 'vitest';
import { RestingTraces } from './resting-traces.ts';

test('a large trace rests the longer the larger it is, a small one not at all', () => {
  const resting = new RestingTraces();
  resting.settled('small', 999, 0);
  resting.settled('large', 10_000, 0);
  resting.settled('huge', 100_000, 0);
  expect(resting.at(0)).toEqual(['large', 'huge']);
  expect(resting.at(2_999)).toEqual(['large', 'huge']);
  expect(resting.at(3_000)).toEqual(['huge']);
  resting.settled('huge', 100_001, 30_000);
  expect(resting.at(59_999)).toEqual(['huge']);
  expect(resting.at(60_001)).toEqual([]);
});

test('of more than a thousand that rest, those whose rest ends first are let go', () => {
  const resting = new RestingTraces();
  for (let index = 0; index < 1_200; index += 1) resting.settled(`t-${index}`, 10_000 - index, 0);
  expect(resting.at(1)).toHaveLength(1_000);
  expect(resting.at(1)).toContain('t-0');
  expect(resting.at(1)).not.toContain('t-1199');
});
