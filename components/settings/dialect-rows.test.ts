import { expect, test } from 'vitest';
import type { DialectList, DialectWire } from '@/server/model/dialect-wire.ts';
import { busyRows, dialectRows } from './dialect-rows.ts';

const count = (in_range: string) => ({ in_range, stored: in_range, last_at: null });
const dialect = (name: string, events: string, from: DialectWire['from'] = 'built in'): DialectWire => ({
  ...{ name, title: '', from, line: null, when: [], rules: [], count: count(events) },
});
const list = (dialects: readonly DialectWire[]): DialectList => ({
  ...{ as_of: '', coverage: { stored_share: 1, holes: 0, lower_bound: false }, range: { from: '', to: '' }, job: null },
  ...{ dialects, unmatched: count('0'), retired: [{ name: 'old', count: count('3') }] },
  rules: { version: 1, older: '0', older_unreachable: '0' },
});
const names = (rows: readonly { readonly name: string; readonly order: number | null }[]) =>
  rows.map(({ name, order }) => `${order ?? '-'} ${name}`);

test('dialects keep their place in the order of trying, and what matched none comes last', () => {
  const rows = dialectRows(list([dialect('own', '0', 'throughline.yaml'), dialect('a', '5'), dialect('b', '0')]));
  expect(names(rows)).toEqual(['1 own', '2 a', '3 b', '- old', '- none']);
});

test('built-in dialects without an event are folded away, with their places kept; the selected one is not', () => {
  const rows = dialectRows(list([dialect('own', '0', 'throughline.yaml'), dialect('a', '0'), dialect('b', '7')]));
  expect(names(busyRows(rows, null))).toEqual(['1 own', '3 b', '- old', '- none']);
  expect(names(busyRows(rows, 'a'))).toContain('2 a');
});

test('before the first event every dialect is shown', () => {
  const rows = dialectRows(list([dialect('a', '0'), dialect('b', '0')]));
  expect(busyRows(rows, null)).toEqual(rows);
});
