import { expect, test } from 'vitest';
import type { EventSchema } from '@/server/model/violation-wire.ts';
import { checkWords, isViolating, schemaMarks } from './schema-marks.ts';

const NAME = { name: 'paid.json', title: null, version: '2', origin: 'operator' } as const;
const ERROR = { path: '/a', rule: 'type', sentence: 'a is wrong', was: '1', near_miss: 'b', schema: NAME };
const said = (change: Partial<EventSchema>): EventSchema => ({
  ...{ status: 'ok', schema: NAME, errors: [], complete: true },
  ...change,
});

test.each([
  [said({}), false, 'fits paid v2'],
  [said({ status: 'unchecked', schema: null }), false, 'not checked: no schema describes it'],
  [said({ status: 'violation', errors: [ERROR] }), true, 'a is wrong'],
  [said({ status: 'violation', errors: [ERROR, ERROR, ERROR] }), true, 'a is wrong; 2 besides'],
  [said({ status: 'violation', errors: [ERROR, ERROR], complete: false }), true, 'a is wrong; 1 or more besides'],
  [said({ status: 'unknown_reference', schema: null }), true, 'names a schema that nobody gave us'],
] as const)('%j: in the log %s, in words %s', (schema, violating, words) => {
  expect([isViolating(schema), checkWords(schema)]).toEqual([violating, words]);
});

test('errors become marks at their places', () => {
  expect(schemaMarks([ERROR])).toEqual([{ pointer: '/a', words: 'a is wrong', nearMiss: 'b' }]);
});
