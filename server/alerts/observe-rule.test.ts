import { expect, test } from 'vitest';
import { isAbout } from './observe-rule.ts';

test('a pattern of a rule is read once, however many things it is held against', () => {
  let read = 0;
  const scope = {
    get group() {
      read += 1;
      return '^billing-[ab]$';
    },
  };
  const fits = (group: string) => isAbout({ kind: 'consumer_lag', scope }, { group, topic: 't' });
  expect(['billing-a', 'billing-b', 'billing-c', 'x'].map(fits)).toEqual([true, true, false, false]);
  expect(read).toBe(1);
});
