import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import { type Drift, driftOf } from './drift.ts';
import { countFields, type FieldSummary, newTally, summaryOf } from './field-summary.ts';
import { fieldsOf } from './fields-of.ts';

function summaryOfAll(events: readonly Json[]): FieldSummary {
  const tally = newTally();
  for (const event of events) countFields(tally, fieldsOf(event));
  return summaryOf(tally);
}

function times(count: number, event: (place: number) => Json): readonly Json[] {
  return Array.from({ length: count }, (_, place) => event(place));
}

function drifts(before: readonly Json[], now: readonly Json[]): readonly Drift[] {
  return driftOf(summaryOfAll(before), summaryOfAll(now));
}

function sentences(before: readonly Json[], now: readonly Json[]): readonly string[] {
  return drifts(before, now).map(({ sentence }) => sentence);
}

describe('drift', () => {
  it('says that a field appeared, or vanished', () => {
    const without = times(200, () => ({ id: 'a' }));
    const withIt = times(100, () => ({ id: 'a', score: 0.5 }));
    expect(drifts(without, withIt)).toEqual([
      {
        ...{ path: '/score', kind: 'appeared' },
        before: { events: 200, present: 0, types: [] },
        now: { events: 100, present: 100, types: ['number'] },
        sentence: '“/score” appeared, as number: in all of 100 events, and in none of 200 before.',
      },
    ]);
    expect(sentences(withIt, without)).toEqual([
      '“/score” vanished: in none of 200 events, and in all of 100 events before.',
    ]);
  });

  it('says that a field changed its type', () => {
    expect(
      sentences(
        times(50, () => ({ id: 1, note: 'a' })),
        times(50, (place) => ({ id: '1', note: place % 2 === 0 ? 'a' : null })),
      ),
    ).toEqual([
      '“/id” changed type: integer before, string now.',
      '“/note” changed type: string before, null or string now.',
    ]);
  });

  it('says that a field became optional, or is always there', () => {
    const always = times(100, () => ({ id: 1 }));
    const sometimes = times(100, (place): Json => (place % 2 === 0 ? { id: 1 } : {}));
    expect(sentences(always, sometimes)).toEqual([
      '“/id” became optional: in 50 of 100 events, and in all of 100 events before.',
    ]);
    expect(sentences(sometimes, always)).toEqual([
      '“/id” is always there: in all of 100 events, and in 50 of 100 events before.',
    ]);
  });

  it('says of a lost object that, and nothing of what was in it', () => {
    const before = times(100, () => ({ user: { id: 1, name: 'a', tags: ['b'] } }));
    expect(
      drifts(
        before,
        times(100, () => ({})),
      ).map(({ path, kind }) => [path, kind]),
    ).toEqual([['/user', 'vanished']]);
    expect(
      drifts(
        before,
        times(100, () => ({ user: 'a' })),
      ).map(({ path, kind }) => [path, kind]),
    ).toEqual([['/user', 'changed type']]);
  });

  it('judges a field among the events whose parent can carry it', () => {
    const before = times(200, (place): Json => (place % 2 === 0 ? { user: { id: 1 } } : {}));
    const now = times(200, (place): Json => (place % 4 === 0 ? { user: { id: 1 } } : {}));
    expect(drifts(before, now)).toEqual([]);
  });

  it('is silent of rare fields, and of few events', () => {
    const rare = times(500, (place): Json => (place === 7 ? { id: 1, debug: true } : { id: 1 }));
    const none = times(500, () => ({ id: 1 }));
    expect(drifts(rare, none)).toEqual([]);
    expect(drifts(none, rare)).toEqual([]);
    expect(
      drifts(
        none,
        times(29, () => ({})),
      ),
    ).toEqual([]);
  });

  it('is silent of whole numbers among numbers', () => {
    const whole = times(50, () => ({ score: 1 }));
    const mixed = times(50, (place) => ({ score: place % 2 === 0 ? 1 : 0.5 }));
    const broken = times(50, () => ({ score: 0.5 }));
    expect(drifts(mixed, broken)).toEqual([]);
    expect(sentences(whole, mixed)).toEqual(['“/score” changed type: integer before, number now.']);
  });

  it('is silent of the keys of a map, and not of what they hold', () => {
    const word = (place: number) => `key-${'abcdefghij'[place % 10]}-${'abcdefghij'[Math.floor(place / 10)]}`;
    const before = times(100, (place) => ({ byName: { [word(place)]: { n: 1 } } }));
    const other = times(100, (place) => ({ byName: { [`other-${word(place)}`]: { n: 'one' } } }));
    expect(drifts(before, before)).toEqual([]);
    expect(sentences(before, other)).toEqual(['“/byName/**/n” changed type: integer before, string now.']);
  });

  it('takes a field that was not looked at for one that may have been there', () => {
    const crowd = Object.fromEntries(
      times(10, (place) => place).map((place) => [
        `k${'x'.repeat(Number(place))}`,
        Object.fromEntries(times(60, (inner) => inner).map((inner) => [`k${'x'.repeat(Number(inner))}`, 1])),
      ]),
    );
    const before = times(100, () => ({ ...crowd, last: 1 }));
    const now = times(100, () => ({ last: 1, ...crowd }));
    expect(drifts(before, now).filter(({ path }) => path === '/last')).toEqual([]);
  });
});
