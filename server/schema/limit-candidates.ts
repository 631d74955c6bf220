import type { Facts } from './schema-facts.ts';

/** Numbers at, about and between the limits. */
export function numbers(facts: Facts, hints: readonly Facts[]): number[] {
  const all = [facts, ...hints];
  const limits = all.flatMap(({ least, most }) =>
    [least.value, most.value].flatMap((bound) => Number(bound?.limit ?? 0)),
  );
  const multiples = [...new Set(all.flatMap(({ multiples }) => multiples))];
  const about = [...new Set([0, ...limits])].flatMap((limit) => [
    limit,
    limit + 1,
    limit - 1,
    limit + 0.5,
    limit - 0.5,
  ]);
  const stepped = [...new Set([0, ...limits])].flatMap((limit) =>
    multiples.flatMap((of) => [
      Math.ceil(limit / of) * of,
      Math.floor(limit / of) * of,
      (Math.floor(limit / of) + 1) * of,
    ]),
  );
  return [...new Set([...about, ...stepped])].filter((value) => Number.isFinite(value));
}

/** Counts at and about the limits of a measure. */
export function counts(all: readonly Facts[], of: 'length' | 'items' | 'fields', most: number): readonly number[] {
  const limits = all.flatMap((facts) =>
    [facts.least[of], facts.most[of]].flatMap((bound) => Number(bound?.limit ?? 0)),
  );
  const about = [...new Set([0, ...limits])].flatMap((limit) => [
    Math.floor(limit),
    Math.floor(limit) + 1,
    Math.ceil(limit) - 1,
  ]);
  return [...new Set([...about, 2])].filter((count) => count >= 0 && count <= most).sort((a, b) => a - b);
}
