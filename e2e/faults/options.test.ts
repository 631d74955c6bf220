import { expect, test } from 'vitest';
import { faultOptions } from './options.ts';

test('without words everything runs, with the seed that was drawn', () => {
  expect(faultOptions([], 7)).toEqual({
    faults: 20,
    seed: 7,
    loop: true,
    scenarios: true,
    mutants: true,
    databaseStopMs: 60_000,
    reportFile: null,
  });
});

test('a part that is named runs alone, and numbers are taken', () => {
  const options = faultOptions(['--loop', '--faults', '200', '--seed', '42', '--report', '/r.json'], 7);
  expect(options).toMatchObject({ loop: true, scenarios: false, mutants: false, faults: 200, seed: 42 });
  expect(options).toMatchObject({ reportFile: '/r.json' });
});

test('what cannot be understood is said', () => {
  expect(faultOptions(['--fault', '3'], 7)).toBe('There is no option --fault.');
  expect(faultOptions(['--faults', 'many'], 7)).toBe('--faults needs a whole number.');
  expect(faultOptions(['--seed'], 7)).toBe('--seed needs a whole number.');
});
