import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ViolationEvent } from '../model/violation-wire.ts';
import { CSV_COLUMNS, csvHead, toCsv, toNdjson } from './violation-export.ts';

const EVENT: ViolationEvent = {
  ...{ id: 'c/orders~1/0/7', topic: 'orders', partition: 0, offset: '7', event_type: 'paid', service: null },
  ...{ event_id: null, correlation_id: 'c-1', trace_key: 'ab'.repeat(16) },
  ...{ occurred_at: '2026-03-01T12:00:00Z', stored_at: '2026-03-01T12:00:01Z' },
  errors: [{ path: '/a', rule: 'type', sentence: 'a is "wrong"', was: '1', near_miss: null, schema: null }],
};
const withWas = (was: string) => ({ ...EVENT, errors: EVENT.errors.map((error) => ({ ...error, was })) });

/** A reader of RFC 4180, written for this test alone. */
function cellsOf(row: string): string[] {
  return [...row.replace(/\r\n$/, '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'),
  );
}

describe('the log as a file', () => {
  it('has a row for each thing that is wrong, under its head', () => {
    expect(cellsOf(csvHead())).toEqual([...CSV_COLUMNS]);
    const cells = cellsOf(toCsv(EVENT));
    expect(cells).toHaveLength(CSV_COLUMNS.length);
    expect(cells[CSV_COLUMNS.indexOf('sentence')]).toBe('a is "wrong"');
    expect(toCsv({ ...EVENT, errors: [] })).toBe('');
    expect(JSON.parse(toNdjson(EVENT))).toEqual(EVENT);
  });

  it.each(['=1+1', '+1', '-1', '@x', '\t=1', ' =cmd', '"=1', "'=1"])('%j is no formula', (text) => {
    const cell = cellsOf(toCsv(withWas(text)))[CSV_COLUMNS.indexOf('was')];
    expect(cell).toBe(`'${text}`);
  });

  it('gives back every text, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const cell = cellsOf(toCsv(withWas(text)))[CSV_COLUMNS.indexOf('was')] ?? '';
        expect([text, `'${text}`]).toContain(cell);
        expect(cell).not.toMatch(/^\s*[=+\-@]/);
      }),
    );
  });
});
