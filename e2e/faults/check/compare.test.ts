import { describe, expect, test } from 'vitest';
import { compare } from './compare.ts';
import type { HoleFact, PlacedRecord, Stored, Written } from './written.ts';

const LIVE = 'live-id';
const GONE = 'gone-id';

function record(offset: number, digest = `d${offset}`, topicId = LIVE): PlacedRecord {
  return { topicId, partition: 0, offset: BigInt(offset), digest };
}

const [R0, R1, R2] = [record(0), record(1), record(2)];
const HOLE: HoleFact = { topicId: LIVE, partition: 0, from: 0n, to: 2n, reason: 'retention' };

function written(change: Partial<Written> = {}): Written {
  return {
    lives: new Map([
      [LIVE, { topic: 't', live: true }],
      [GONE, { topic: 't', live: false }],
    ]),
    acknowledged: [R0, R1, R2],
    inLog: [R0, R1, R2],
    uncertain: new Set(),
    logs: new Map([[`${LIVE}/0`, { low: 0n, end: 3n }]]),
    holes: [],
    ...change,
  };
}

/** What is stored when everything is as it should be, but for `records` and `change`. */
function stored(records: readonly PlacedRecord[] = [R0, R1, R2], change: Partial<Stored> = {}): Stored {
  const counts = new Map<string, number>();
  for (const { topicId } of records) counts.set(topicId, (counts.get(topicId) ?? 0) + 1);
  const totals = new Map([...counts].map(([topicId, count]) => [`${topicId}/0`, count]));
  const positions = new Map([[`${LIVE}/0`, 3n]]);
  return { records, events: records, holes: [], positions, totals, counts, traces: [], ...change };
}

function kinds(was: Written, is: Stored): string[] {
  return compare(was, is).map(({ kind }) => kind);
}

describe('a living topic', () => {
  test('has no differences when exactly its log is stored', () => {
    expect(compare(written(), stored([R2, R0, R1]))).toEqual([]);
  });

  test('misses what is not stored', () => {
    expect(compare(written(), stored([R0, R2]))).toEqual([{ kind: 'missing', detail: 't live-id/0/1' }]);
  });

  test('tells one missing beside one double as two', () => {
    expect(kinds(written(), stored([R0, R1, R1])).sort()).toEqual(['double', 'event row double', 'missing']);
  });

  test('tells other bytes at the same place', () => {
    expect(kinds(written(), stored([R0, record(1, 'other'), R2]))).toEqual(['foreign']);
  });

  test('tells what was never written, also when its producer is not sure', () => {
    const was = written({ acknowledged: [R0, R1], inLog: [R0, R1], uncertain: new Set(['d2']) });
    expect(kinds(was, stored())).toEqual(['foreign']);
  });

  test('has what its producer was not sure of, once the log holds it', () => {
    expect(kinds(written({ acknowledged: [R0], uncertain: new Set(['d1', 'd2']) }), stored())).toEqual([]);
  });

  test('must be read to its end, though no record is missing', () => {
    const is = stored([R0, R1, R2], { positions: new Map([[`${LIVE}/0`, 2n]]) });
    expect(kinds(written(), is)).toEqual(['not read to the end']);
    expect(kinds(written(), stored([R0, R1, R2], { positions: new Map() }))).toEqual(['not read to the end']);
  });

  test('whose log lacks what was acknowledged is no proof of anything', () => {
    expect(kinds(written({ inLog: [R0, R2] }), stored([R0, R2]))).toEqual(['lost by the broker']);
    expect(kinds(written({ inLog: [R0, record(1, 'x'), R2] }), stored([R0, record(1, 'x'), R2]))).toEqual([
      'lost by the broker',
    ]);
  });
});

describe('a hole', () => {
  const cut = { inLog: [R2], logs: new Map([[`${LIVE}/0`, { low: 2n, end: 3n }]]) };

  test('accounts for what lies in it', () => {
    expect(kinds(written({ ...cut, holes: [HOLE] }), stored([R2], { holes: [HOLE] }))).toEqual([]);
  });

  test('must be told, with exactly its bounds', () => {
    const was = written({ ...cut, holes: [HOLE] });
    expect(kinds(was, stored([R2]))).toEqual(['hole not told']);
    expect(kinds(was, stored([R2], { holes: [{ ...HOLE, to: 1n }] })).sort()).toEqual([
      'hole not told',
      'hole that is none',
    ]);
  });

  test('that is none excuses nothing', () => {
    expect(kinds(written(cut), stored([R2], { holes: [HOLE] })).sort()).toEqual([
      'hole that is none',
      'missing',
      'missing',
    ]);
  });

  test('that the taps were ahead of leaves everything stored', () => {
    expect(kinds(written(cut), stored())).toEqual([]);
  });
});

describe('a topic that was deleted', () => {
  const [g0, g1, g2] = [record(0, 'g0', GONE), record(1, 'g1', GONE), record(2, 'g2', GONE)];
  const was = written({ acknowledged: [R0, R1, R2, g0, g1, g2], uncertain: new Set(['g3']) });
  const reached = (offset: bigint) => ({
    positions: new Map([
      [`${LIVE}/0`, 3n],
      [`${GONE}/0`, offset],
    ]),
  });

  test('is right as far as it was read', () => {
    expect(kinds(was, stored([R0, R1, R2]))).toEqual([]);
    expect(kinds(was, stored([R0, R1, R2, g0, g1], reached(2n)))).toEqual([]);
  });

  test('misses what was acknowledged below its position', () => {
    expect(kinds(was, stored([R0, R1, R2, g1], reached(2n)))).toEqual(['missing']);
  });

  test('may have what its producer was not sure of, and nothing else', () => {
    expect(kinds(was, stored([R0, R1, R2, g0, g1, g2, record(3, 'g3', GONE)], reached(4n)))).toEqual([]);
    expect(kinds(was, stored([R0, R1, R2, g0, g1, g2, record(3, 'd3', GONE)], reached(4n)))).toEqual(['foreign']);
  });

  test('has none of the records of its next life', () => {
    expect(kinds(was, stored([R0, R1, { ...R2, topicId: GONE }], reached(3n))).sort()).toEqual([
      'foreign',
      'missing',
      'missing',
      'missing',
    ]);
  });
});

describe('rows, counts and traces', () => {
  test('an event row and the bytes of its record come together', () => {
    expect(kinds(written(), stored([R0, R1, R2], { events: [R0, R1] })).sort()).toEqual([
      'bytes without event row',
      'count',
      'count',
    ]);
    expect(kinds(written(), stored([R0, R1], { events: [R0, R1, R2] })).sort()).toEqual([
      'count',
      'count',
      'event row without bytes',
      'missing',
    ]);
  });

  test('counts are the number of rows', () => {
    expect(kinds(written(), stored([R0, R1, R2], { counts: new Map([[LIVE, 6]]) }))).toEqual(['count']);
    expect(kinds(written(), stored([R0, R1, R2], { totals: new Map() }))).toEqual(['count']);
  });

  test('a trace row counts its distinct events and its copies', () => {
    const trace = { traceKey: 'k', rows: 3, distinct: 2, eventCount: 2, duplicateCount: 1 };
    const differences = (change: object) =>
      kinds(written(), stored([R0, R1, R2], { traces: [{ ...trace, ...change }] }));
    expect(differences({})).toEqual([]);
    expect(differences({ eventCount: 3 })).toEqual(['trace']);
    expect(differences({ duplicateCount: 0 })).toEqual(['trace']);
    expect(differences({ eventCount: null, duplicateCount: null })).toEqual(['trace']);
  });
});
