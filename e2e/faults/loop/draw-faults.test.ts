import { expect, test } from 'vitest';
import { seededChance } from '../../../demo/behaviour/chance.ts';
import { drawFaults } from './draw-faults.ts';

const names = (seed: number, count: number): string[] => drawFaults(seededChance(seed), count).map(({ name }) => name);

test('the same seed draws the same faults', () => {
  expect(names(7, 40)).toEqual(names(7, 40));
  expect(names(7, 40)).not.toEqual(names(8, 40));
});

test('twenty faults are of every kind there is', () => {
  const kinds = new Set(names(1, 1000));
  expect(kinds.size).toBeLessThanOrEqual(20);
  expect(new Set(names(3, 20))).toEqual(kinds);
});
