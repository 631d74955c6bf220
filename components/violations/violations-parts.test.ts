import { expect, test } from 'vitest';
import { partHref, readViolationsPart } from './violations-parts.ts';

test('an address that names no part is that of the log', () => {
  const partOf = (query: string) => readViolationsPart(new URLSearchParams(query));
  expect(['', 'tab=nothing', 'tab=coverage', 'tab=undecodable'].map(partOf)).toEqual([
    'log',
    'log',
    'coverage',
    'undecodable',
  ]);
});

test('the way to another part keeps the range, and nothing that was chosen', () => {
  const params = new URLSearchParams('from=-6h&to=now&q=x&sel=y&tab=undecodable&reason=binary');
  expect(partHref(params, 'coverage')).toBe('/violations?tab=coverage&from=-6h&to=now');
  expect(partHref(params, 'log')).toBe('/violations?from=-6h&to=now');
  expect(partHref(new URLSearchParams('q=x'), 'log')).toBe('/violations');
});
