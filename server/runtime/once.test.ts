import { expect, it } from 'vitest';
import { once } from './once.ts';

it('is done once for all who ask, and again after it failed', async () => {
  let tries = 0;
  const ask = once(async () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return tries;
  });
  await expect(Promise.all([ask(), ask()])).rejects.toThrow('not yet');
  expect(await Promise.all([ask(), ask()])).toEqual([2, 2]);
  expect(await ask()).toBe(2);
});
