import { expect, test } from 'vitest';
import type { DialectCount } from '@/server/model/dialect-wire.ts';
import { dialectVerdict } from './dialect-verdict.ts';

const count = (in_range: string): DialectCount => ({ in_range, stored: in_range, last_at: null });
const dialect = (in_range: string) => ({
  ...{ name: 'd', title: '', from: 'built in' as const, line: null, when: [], rules: [] },
  count: count(in_range),
});

test('the verdict counts what no dialect matched, and never rounds up to all', () => {
  const list = { dialects: [dialect('20000'), dialect('5400')], retired: [], unmatched: count('204') };
  expect(dialectVerdict(list, 'Last 60 min')).toEqual({
    mark: 'unknown',
    words: '99.2 % of the events of the last 60 min were read by a named dialect; 204 matched none',
  });
  const one = { ...list, dialects: [dialect('9223372036854775806')], unmatched: count('1') };
  expect(dialectVerdict(one, 'Fixed').words).toMatch(/^99\.999 % of the events of this range/);
});

test('events of a retired name were read by a named dialect too', () => {
  const list = { dialects: [dialect('1')], retired: [{ name: 'old', count: count('2') }], unmatched: count('0') };
  expect(dialectVerdict(list, 'Last 24 h')).toEqual({
    mark: 'flowing',
    words: 'All 3 events of the last 24 h were read by a named dialect',
  });
});

test('without an event nothing is claimed', () => {
  const list = { dialects: [dialect('0')], retired: [], unmatched: count('0') };
  expect(dialectVerdict(list, 'Last 60 min')).toEqual({
    mark: 'running',
    words: 'No event was stored in the last 60 min',
  });
});
