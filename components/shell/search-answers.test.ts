import { expect, test } from 'vitest';
import type { SearchAnswer } from '@/server/model/search-wire.ts';
import { answersOf, nothingFound } from './search-answers.ts';

const answer: SearchAnswer = {
  ...{ as_of: '', coverage: { stored_share: 1, holes: 0, lower_bound: false }, query: 'a' },
  ...{ more: [], fields: [], names_cut: false, results: [] },
};
const count = (records: string) => `${records} records`;

test('results are lines in groups, and the last of a kind says that there is more', () => {
  const results = [
    { kind: 'trace', text: 'a-1', note: 'asked', href: '/traces/key:1' },
    { kind: 'trace', text: 'a-2', note: null, href: '/traces/key:2' },
    { kind: 'service', text: 'asker', note: null, href: '/traces?service=asker' },
  ] as const;
  expect(answersOf({ ...answer, results, more: ['trace'] })).toEqual([
    { group: 'Traces', text: 'a-1', note: 'asked', href: '/traces/a-1' },
    { group: 'Traces', text: 'a-2', note: 'and more', href: '/traces/a-2' },
    { group: 'Services', text: 'asker', note: '', href: '/traces?service=asker' },
  ]);
});

test('a trace whose id no address can carry, or whose id is cut, is gone to by its key', () => {
  const results = ['..', 'key:x', 'x'.repeat(1024)].map(
    (text) => ({ kind: 'trace', text, note: null, href: '/traces/key:7' }) as const,
  );
  expect(answersOf({ ...answer, results }).map(({ href }) => href)).toEqual(Array(3).fill('/traces/key:7'));
});

test('where nothing is found the palette says what was searched', () => {
  const searched = {
    ...{ records: '12', lag: '3', partitions: 1, undecodable: '0', uncorrelated: '0', expired: '0' },
    unreadable_topics: [],
  };
  expect(nothingFound({ ...answer, searched, fields: ['order_id'], names_cut: true }, count)).toBe(
    'Nothing in 12 records: no id that begins so, no event id, key or trace id, values of order_id, no name. 3 records on the brokers are not read yet. Of the names only the newest were looked through.',
  );
  expect(nothingFound({ ...answer, searched: { ...searched, lag: '0' } }, count)).toMatch(/no name\.$/);
  expect(nothingFound(answer, count)).toBe(null);
});
