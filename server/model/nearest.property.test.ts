import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

const letters = (maxLength: number) =>
  fc.array(fc.constantFrom('a', 'b', 'C', '_'), { maxLength }).map((list) => list.join(''));

test('the nearest name is the first of those at the least distance, of all that are near enough', () => {
  fc.assert(
    fc.property(letters(12), fc.array(letters(16), { maxLength: 12 }), (given, names) => {
      const far = Math.max(2, Math.floor(given.length / 3)) + 1;
      const distances = names.map((name) => editDistance(given.toLowerCase(), name.toLowerCase()));
      const least = Math.min(far, ...distances);
      expect(nearest(given, names)).toBe(least < far ? names[distances.indexOf(least)] : null);
    }),
  );
});

test('names are held against each other by their first hundred characters', () => {
  expect(nearest(`${'x'.repeat(100)}given`, [`${'x'.repeat(100)}${'another'.repeat(20)}`])).not.toBeNull();
  expect(nearest('KAFKA_BROKER', ['KAFKA_BROKERS', 'PORT'])).toBe('KAFKA_BROKERS');
  expect(nearest('HOME', ['KAFKA_BROKERS', 'PORT_OF_WEB'])).toBeNull();
});
