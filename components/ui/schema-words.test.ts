import { expect, test } from 'vitest';
import type { SchemaName } from '@/server/model/violation-wire.ts';
import { schemaWords } from './schema-words.ts';

const named = (name: string, version: string | null): SchemaName => ({
  ...{ name, version, title: null, origin: 'operator' },
});

test('a schema is called by its own name and version, and there is a word for none', () => {
  expect(schemaWords(null)).toBe('no schema');
  expect(schemaWords(named('of/team/paid.json', null))).toBe('paid');
  expect(schemaWords(named('a', 'v3'))).toBe('a v3');
  expect(schemaWords(named('a.JSON', '1.0.0'))).toBe('a v1.0.0');
});

test('a name that would be nothing is whole', () => {
  expect(schemaWords(named('team/', null))).toBe('team/');
  expect(schemaWords(named('.json', '1'))).toBe('.json v1');
});
