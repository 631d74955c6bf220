import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../model/json.ts';
import { compareSchemas, type SchemaComparison } from './compare-schemas.ts';
import { document, instance, validatorOf, versions } from './compared-schemas.test-support.ts';

const VALUES = fc.sample(instance, { numRuns: 250, seed: 40 });
/** `SCHEMA_PAIRS` and `SCHEMA_SEED` ask for more, and for others. */
const SEED = Number(process.env.SCHEMA_SEED ?? 41);
const RUNS = Number(process.env.SCHEMA_PAIRS ?? 500);

/** What every value says about a comparison: nothing that is `yes` has a value against it, and every `no` has its own. */
function check(older: Json, newer: Json, values: readonly Json[]): SchemaComparison | null {
  const [old, now] = [validatorOf(older), validatorOf(newer)];
  if (old(null) === null || now(null) === null) return null;
  const comparison = compareSchemas(older, newer);
  for (const value of [...VALUES, ...values]) {
    const [isOld, isNow] = [old(value), now(value)];
    if (isOld === null || isNow === null) return null;
    const against = isOld && !isNow ? comparison.backward : isNow && !isOld ? comparison.forward : 'no';
    if (against === 'yes')
      expect.fail(`${JSON.stringify(value)} is valid under one only: ${JSON.stringify([older, newer])}`);
  }
  const { backward, forward, examples, changes } = comparison;
  const pair = JSON.stringify([older, newer, examples]);
  if (backward === 'no') expect([old(examples.backward), now(examples.backward)], pair).toEqual([true, false]);
  if (forward === 'no') expect([now(examples.forward), old(examples.forward)], pair).toEqual([true, false]);
  for (const [direction, verdict] of [
    ['backward', backward],
    ['forward', forward],
  ] as const) {
    const broken = changes.filter(({ breaks }) => breaks === direction || breaks === 'both');
    const open = changes.filter(({ mayBreak }) => mayBreak === direction || mayBreak === 'both');
    expect(broken.length > 0, pair).toBe(verdict === 'no');
    if (verdict === 'unknown') expect(open.length, pair).toBeGreaterThan(0);
    if (verdict === 'yes') expect(open.length, pair).toBe(0);
  }
  return comparison;
}

test(`of ${RUNS} pairs of versions none is called compatible that a value tells apart`, () => {
  const verdicts = { yes: 0, no: 0, unknown: 0 };
  fc.assert(
    fc.property(versions, fc.array(instance, { maxLength: 30 }), ([older, newer], values) => {
      const comparison = check(older, newer, values);
      if (comparison === null) return;
      verdicts[comparison.backward] += 1;
      verdicts[comparison.forward] += 1;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  const all = verdicts.yes + verdicts.no + verdicts.unknown;
  expect(verdicts.yes / all).toBeGreaterThan(0.3);
  expect(verdicts.no / all).toBeGreaterThan(0.08);
  expect(verdicts.unknown / all).toBeLessThan(0.2);
}, 600_000);

test('of any two schemas none is called compatible that a value tells apart', () => {
  fc.assert(
    fc.property(document, document, (older, newer) => {
      check(older, newer, []);
    }),
    { numRuns: Math.ceil(RUNS / 3), seed: SEED + 1 },
  );
}, 600_000);
