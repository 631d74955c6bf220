import { expect, test } from 'vitest';
import type { Resolution } from '../../model/event.ts';
import type { Queryable } from '../transaction.ts';
import { ResolutionIds } from './resolution-ids.ts';

/** Answers the place of each digest as its id. */
const client = {
  query: async (_text: string, [, digests]: [unknown, readonly Buffer[]]) => ({
    rows: digests.map((_digest, index) => ({ place: index + 1, id: index + 1 })),
  }),
} as unknown as Queryable;

test('a resolution that was known keeps its id in hand, however many push it out of what is remembered', async () => {
  const ids = new ResolutionIds(1);
  const [known, ...others] = Array.from(
    { length: 10_001 },
    (_, n): Resolution => ({ dialect: `d${n}`, origins: {} }),
  ) as [Resolution, ...Resolution[]];
  await ids.resolve(client, new Set([known]), () => 1);
  const idOf = await ids.resolve(client, new Set([known, ...others]), () => 1);
  expect(idOf(known)).toBe(1);
  const later = await ids.resolve(client, new Set([known]), () => 1);
  await ids.resolve(client, new Set(others), () => 1);
  expect(later(known)).toBe(1);
});
