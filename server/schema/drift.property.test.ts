import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../model/json.ts';
import { driftOf } from './drift.ts';
import {
  comparePaths,
  countFields,
  type FieldSummary,
  MOST_SUMMARY_PATHS,
  mergeFields,
  newTally,
  summaryOf,
} from './field-summary.ts';
import { FIELD_TYPES } from './field-types.ts';
import { fieldsOf, MOST_PATHS } from './fields-of.ts';

const name = fc.oneof(
  { arbitrary: fc.constantFrom('a', 'b', 'c', 'id', 'user', 'items'), weight: 6 },
  fc.constantFrom('__proto__', 'constructor', '*', '**', '', 'a/b', 'a~b', 'a b', 'nul\0', '17', 'x'.repeat(300)),
  fc.string({ unit: 'binary' }),
);

const body: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'body' },
    fc.constantFrom<Json>(null, true, 0, 1.5, 'text', 2n ** 64n),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'body' }),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 6, depthIdentifier: 'body' })
      .map((entries): Json => Object.fromEntries(entries)),
  ),
})).value;

/** An event with very many names of its own, so that summaries overflow. */
const crowded: fc.Arbitrary<Json> = fc
  .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))
  .map(([mark, outer, inner]) =>
    Object.fromEntries(
      letters(`${mark % 3}x`, outer).map((key) => [
        key,
        Object.fromEntries(letters(`${mark}y`, inner).map((each) => [each, mark])),
      ]),
    ),
  );

function letters(first: string, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, place) => `${first}-${'x'.repeat(30)}-${'abcdefghij'[place % 10]}${'abcdefghij'[Math.floor(place / 10)]}`,
  );
}

const events = fc.array(fc.oneof({ arbitrary: body, weight: 8 }, crowded), { maxLength: 40 });

function summaryOfAll(all: readonly Json[]): FieldSummary {
  const tally = newTally();
  for (const event of all) countFields(tally, fieldsOf(event));
  return summaryOf(tally);
}

/** The definition: every path of every event, and of those the first. */
function oracle(all: readonly Json[]): FieldSummary {
  const seen = all.map(fieldsOf);
  const paths = [...new Set(seen.flatMap(({ types }) => [...types.keys()]))].sort(comparePaths);
  const countOf = (path: string, set: number) =>
    seen.filter(({ types }) => ((types.get(path) ?? 0) & set) !== 0).length;
  return {
    events: all.length,
    cutEvents: seen.filter(({ beyond }) => beyond > 0).length,
    beyond: seen.reduce((sum, { beyond }) => sum + beyond, 0),
    full: paths.length > MOST_SUMMARY_PATHS,
    fields: new Map(
      paths
        .slice(0, MOST_SUMMARY_PATHS)
        .map((path) => [
          path,
          { present: countOf(path, -1), types: FIELD_TYPES.map((_, type) => countOf(path, 1 << type)) },
        ]),
    ),
  };
}

test('a summary is what the definition says, and merging any parts gives that of the whole', () => {
  let overflowed = 0;
  fc.assert(
    fc.property(events, events, events, (a, b, c) => {
      const [one, two, three] = [a, b, c].map(summaryOfAll) as [FieldSummary, FieldSummary, FieldSummary];
      const whole = summaryOfAll([...a, ...b, ...c]);
      if (whole.full) overflowed += 1;
      expect(whole).toEqual(oracle([...a, ...b, ...c]));
      expect(mergeFields(mergeFields(one, two), three)).toEqual(whole);
      expect(mergeFields(one, mergeFields(two, three))).toEqual(whole);
      expect(mergeFields(three, mergeFields(two, one))).toEqual(whole);
      expect(mergeFields(one, summaryOf(newTally()))).toEqual(one);
    }),
    { numRuns: 50, seed: 21 },
  );
  expect(overflowed).toBeGreaterThan(2);
}, 120_000);

test('one event has a bounded number of paths, each an own one', () => {
  fc.assert(
    fc.property(fc.oneof(body, crowded), (event) => {
      const { types } = fieldsOf(event);
      expect(types.size).toBeLessThanOrEqual(MOST_PATHS);
      for (const path of types.keys()) expect(path).toMatch(/^(?:\/[^\0 ]*)?$/);
    }),
    { numRuns: 200, seed: 22 },
  );
});

test('no drift between two random halves of one stream', () => {
  const event = fc
    .record(
      {
        id: fc.string(),
        score: fc.constantFrom<Json>(1, 0.5, null),
        often: fc.oneof({ arbitrary: fc.constant(null), weight: 9 }, { arbitrary: fc.constant('a'), weight: 1 }),
        rare: fc.constant(true),
        user: fc.record({ id: fc.constantFrom<Json>(1, 'one'), name: fc.constant('a') }, { requiredKeys: ['id'] }),
        items: fc.array(fc.record({ n: fc.integer() }, { requiredKeys: [] }), { maxLength: 3 }),
      },
      { requiredKeys: ['id', 'score', 'often'] },
    )
    .map((value): Json => value);
  let compared = 0;
  fc.assert(
    fc.property(
      fc.array(event, { minLength: 100, maxLength: 400, size: 'max' }),
      fc.infiniteStream(fc.boolean()),
      (stream, coins) => {
        const halves: [Json[], Json[]] = [[], []];
        for (const each of stream) halves[coins.next().value ? 0 : 1].push(each);
        compared += 1;
        expect(driftOf(summaryOfAll(halves[0]), summaryOfAll(halves[1]))).toEqual([]);
      },
    ),
    { numRuns: 100, seed: 24 },
  );
  expect(compared).toBe(100);
});
