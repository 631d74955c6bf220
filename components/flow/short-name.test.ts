import { expect, test } from 'vitest';
import { shortName } from './short-name.ts';

test('a long name keeps its end, in whole segments', () => {
  expect(shortName('onex.cmd.intelligence.enrich-document', 21)).toBe('…enrich-document');
  expect(shortName('omninode.codegen.request.validate', 21)).toBe('…request.validate');
});

test('a name with room, or without segments, stays as it is', () => {
  expect(shortName('metadata-stamps', 21)).toBe('metadata-stamps');
  expect(shortName('a-single-segment-that-is-too-long', 21)).toBe('a-single-segment-that-is-too-long');
  expect(shortName('', 21)).toBe('');
});
