import type { Comparison } from './comparison.ts';
import type { Facts } from './schema-facts.ts';

/** Most fields of an example. */
export const MOST_FIELDS = 200;
/** Pairs of patterns that one name is looked for to match. */
const MOST_PAIRS = 30;
/** Names for fields that no schema speaks of. */
const OTHER_NAMES = ['other', 'x', 'A', '0', '_'];

/** Names of fields that are worth trying: those that either side names or has a pattern for, and some of nobody's. */
export function namesToTry(comparison: Comparison, facts: Facts, hints: readonly Facts[]): readonly string[] {
  const namesIn = (all: readonly Facts[]) =>
    all.flatMap(({ fields, required }) => [...fields.flatMap(({ named }) => [...named.keys()]), ...required]);
  for (const each of [facts, ...hints]) {
    for (const { named } of each.fields) comparison.budget.left -= Math.floor(named.size / 4);
  }
  // Of both sides some, however many one of them has.
  const [own, theirs] = [namesIn([facts]), namesIn(hints)].map((names) =>
    [...new Set(names)].slice(0, MOST_FIELDS / 2),
  );
  const named = [...(theirs ?? []), ...(own ?? [])];
  const patternsIn = (all: readonly Facts[]) => [
    ...new Set(all.flatMap(({ fields }) => fields.flatMap(({ patterns }) => patterns.map(([source]) => source)))),
  ];
  const [ownPatterns, theirPatterns] = [patternsIn([facts]), patternsIn(hints)];
  const pairs = ownPatterns.flatMap((one) => theirPatterns.map((other) => [one, other])).slice(0, MOST_PAIRS);
  const matching = [...ownPatterns, ...theirPatterns]
    .map((source) => [source])
    .concat(pairs)
    .flatMap((patterns) => {
      const found = comparison.textBeyond({ patterns, least: 0, most: Number.POSITIVE_INFINITY }, null);
      return found.kind === 'example' ? [found.text] : [];
    });
  return [...new Set([...named, ...matching, ...OTHER_NAMES])].slice(0, MOST_FIELDS);
}
