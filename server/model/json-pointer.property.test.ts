import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pointerKeys, pointerStep, splitPointer } from './json-pointer.ts';

const KEYS = fc.array(fc.string({ unit: fc.constantFrom('~', '/', '0', '1', 'a') }));
const pointerOf = (keys: readonly string[]) => keys.map(pointerStep).join('');

test('the keys of a pointer are those it was made of, whatever stands in them', () => {
  fc.assert(
    fc.property(KEYS, (keys) => {
      expect(pointerKeys(pointerOf(keys))).toEqual(keys);
    }),
  );
});

test('a pointer is its last key and what holds it', () => {
  fc.assert(
    fc.property(KEYS, (keys) => {
      const last = keys.at(-1);
      const whole = splitPointer(pointerOf(keys));
      expect(whole).toEqual(last === undefined ? null : { holder: pointerOf(keys.slice(0, -1)), key: last });
    }),
  );
});
