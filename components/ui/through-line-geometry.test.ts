import { expect, test } from 'vitest';
import { lineInWords, solidEnd, throughLine } from './through-line-geometry.ts';

const from = Date.parse('2025-10-18T02:00:00Z');
const at = (minute: number) => new Date(from + minute * 60_000).toISOString();
const to = from + 100 * 60_000;

test('stretches stand at their times, clipped to the range', () => {
  const drawn = throughLine(
    [
      { from: at(-50), to: at(40), kind: 'stored', why: null },
      { from: at(40), to: at(100), kind: 'unread', why: 'w' },
    ],
    from,
    to,
  );
  expect(drawn.map((s) => [s.kind, s.from, s.to])).toEqual([
    ['stored', 0, 40],
    ['unread', 40, 100],
  ]);
  expect(solidEnd(drawn)).toBe(40);
});

test('a hole of no width is still seen', () => {
  const drawn = throughLine(
    [
      { from: at(0), to: at(100), kind: 'stored', why: null },
      { from: at(50), to: at(50), kind: 'hole', why: 'retention' },
    ],
    from,
    to,
  );
  expect(drawn.find((s) => s.kind === 'hole')).toMatchObject({ from: 49.7, to: 50.3 });
  expect(lineInWords(drawn)).toBe('100 % of this time range is stored, 1 hole');
});

test('time that nothing is known of is never solid', () => {
  expect(throughLine([], from, to)).toMatchObject([{ kind: 'unheard', from: 0, to: 100 }]);
  expect(solidEnd(throughLine([], from, to))).toBe(0);
});
