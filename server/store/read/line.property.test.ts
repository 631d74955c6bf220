import fc from 'fast-check';
import { expect, test } from 'vitest';
import { micros, microsToRfc3339 } from '../../model/time.ts';
import { computeLine, joinHoles, type LineFacts } from './line.ts';

const SECOND = 1_000_000;
const BASE: LineFacts = {
  from: micros(0),
  to: micros(100 * SECOND),
  now: micros(100 * SECOND),
  firstStored: micros(0),
  unreadFrom: null,
  unheardFrom: null,
  expiredTo: null,
  holes: [],
};
const at = (seconds: number) => micros(seconds * SECOND);
const short = (facts: Partial<LineFacts>) =>
  computeLine({ ...BASE, ...facts }).map(
    ({ from, to, kind }) => `${kind} ${Date.parse(from) / 1000}-${Date.parse(to) / 1000}`,
  );

test('everything stored is one stretch without a word', () => {
  expect(computeLine(BASE)).toEqual([
    { from: microsToRfc3339(micros(0)), to: microsToRfc3339(at(100)), kind: 'stored', why: null },
  ]);
});

test('unread ends at now, unheard hides it, a hole hides all', () => {
  expect(short({ unreadFrom: at(60) })).toEqual(['stored 0-60', 'unread 60-100']);
  expect(short({ unreadFrom: at(60), unheardFrom: at(80) })).toEqual(['stored 0-60', 'unread 60-80', 'unheard 80-100']);
  const holes = [{ from: at(50), to: at(90), why: 'retention' }];
  expect(short({ unreadFrom: at(60), holes })).toEqual(['stored 0-50', 'hole 50-90', 'unread 90-100']);
});

test('what expired is not called stored', () => {
  expect(short({ expiredTo: at(30) })).toEqual(['unheard 0-30', 'stored 30-100']);
});

test('holes that no pixel tells apart are drawn as one, and none is left out', () => {
  const hole = (from: number, to: number) => ({ from: micros(from), to: micros(to), why: `${from}`, holes: 1 });
  const range = { from: micros(0), to: micros(500_000) };
  expect(joinHoles(range, [hole(5000, 5100), hole(0, 10), hole(900, 1000), hole(2500, 2600)])).toEqual([
    { from: 0, to: 1000, why: '2 holes, close to each other.', holes: 2 },
    hole(2500, 2600),
    hole(5000, 5100),
  ]);
  const many = Array.from({ length: 20_000 }, (_, index) => hole(index * 25, index * 25 + 1));
  const joined = joinHoles(range, many);
  expect(joined.length).toBeLessThanOrEqual(500);
  expect(joined.reduce((sum, each) => sum + each.holes, 0)).toBe(20_000);
});

test('before the first record and after now nobody listened', () => {
  expect(short({ firstStored: at(10), now: at(70) })).toEqual(['unheard 0-10', 'stored 10-70', 'unheard 70-100']);
  expect(short({ firstStored: null })).toEqual(['unheard 0-100']);
});

test('stretches cover the range, touch, and never overlap', () => {
  const time = fc.integer({ min: -50, max: 150 }).map(at);
  const maybe = fc.option(time, { nil: null });
  const hole = fc.record({ from: time, to: time, why: fc.constantFrom('a', 'b') });
  fc.assert(
    fc.property(time, maybe, maybe, maybe, fc.array(hole), (now, firstStored, unreadFrom, unheardFrom, holes) => {
      const line = computeLine({ ...BASE, now, firstStored, unreadFrom, unheardFrom, holes });
      expect(line[0]?.from).toBe(microsToRfc3339(BASE.from));
      expect(line.at(-1)?.to).toBe(microsToRfc3339(BASE.to));
      for (const [index, stretch] of line.entries()) {
        expect(stretch.from < stretch.to).toBe(true);
        if (index > 0) expect(stretch.from).toBe(line[index - 1]?.to);
      }
    }),
  );
});
