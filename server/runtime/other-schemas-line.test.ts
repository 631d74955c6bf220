import { expect, it } from 'vitest';
import { otherSchemasLine } from './other-schemas-line.ts';

it('says how many stored events other schemas have checked, how they are checked again, and which stay so', () => {
  expect(otherSchemasLine({ events: 0n, unreachable: 0n })).toBeNull();
  expect(otherSchemasLine({ events: 1n, unreachable: 0n })).toBe(
    '1 stored event was held against other schemas than those in force. POST /api/v1/jobs with {"kind":"re-validate"} holds them against these.',
  );
  expect(otherSchemasLine({ events: 12_000n, unreachable: 2_000n })).toMatch(
    /^12,000 stored events were .* but for 2,000 whose payload has expired\.$/,
  );
  expect(otherSchemasLine({ events: 7n, unreachable: 7n })).toBe(
    '7 stored events were held against other schemas than those in force, and stay so: the payload has expired.',
  );
});
