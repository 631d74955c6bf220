import { describe, expect, test } from 'vitest';
import type { Position } from './layout-scene.ts';
import { lineGeometries } from './line-geometry.ts';
import { dotCounts, lineDash, lineWidth } from './line-look.ts';
import type { MapScene } from './map-scene.ts';

const place = (id: string) => ({ id, kind: 'service' as const, name: id, width: 100, height: 40 });
const SCENE: MapScene = {
  key: '',
  columnGap: 52,
  places: ['a', 'b', 'c'].map(place),
  lines: [
    { id: 'ab', from: 'a', to: 'b', bundle: 'ab' },
    { id: 'ac', from: 'a', to: 'c', bundle: 'ac' },
  ],
};
const AT = new Map<string, Position>([
  ['a', { x: 0, y: 100 }],
  ['b', { x: 200, y: 200 }],
  ['c', { x: 200, y: 0 }],
]);
const LAYOUT = { positions: AT, bends: new Map([['ab', [{ x: 150, y: 300 }]]]) };
const start = (d = '') => d.slice(1).split('C')[0]?.split(',').map(Number) ?? [];

describe('a line', () => {
  const drawn = lineGeometries(SCENE, AT, LAYOUT);

  test('begins at the right of one place and ends at the left of the other', () => {
    expect(drawn.get('ac')?.d).toMatch(/^M100,\d.* 200,20$/);
  });

  test('keeps apart from the others at its place, in the order of where they lead', () => {
    const [ab, ac] = [start(drawn.get('ab')?.d), start(drawn.get('ac')?.d)];
    expect((ab[1] ?? 0) - (ac[1] ?? 0)).toBe(9);
    expect(((ab[1] ?? 0) + (ac[1] ?? 0)) / 2).toBe(120);
  });

  test('goes around what is in its way, unless an end was moved', () => {
    expect(drawn.get('ab')?.d).toContain('150,300');
    const moved = new Map([...AT, ['b', { x: 210, y: 200 }] as const]);
    expect(lineGeometries(SCENE, moved, LAYOUT).get('ab')?.d).not.toContain('150,300');
  });

  test('has its middle half way, and its arrow points along it', () => {
    const level = lineGeometries(
      { ...SCENE, lines: SCENE.lines.slice(0, 1) },
      new Map([...AT, ['b', { x: 300, y: 100 }] as const]),
      { positions: new Map(), bends: new Map() },
    ).get('ab');
    expect(level).toMatchObject({ middle: { x: 200, y: 120 }, arrow: { x: 220, y: 120, turn: 0 } });
    expect(level?.length).toBeCloseTo(200);
  });
});

test('a label covers no place, not even the rate under a topic', () => {
  const drawn = lineGeometries(SCENE, AT, { ...LAYOUT, bends: new Map() });
  for (const { label } of drawn.values())
    for (const [id, { x, y }] of AT) {
      const left = { start: label.x, middle: label.x - 43, end: label.x - 86 }[label.anchor];
      const covers = left < x + 100 && x < left + 86 && label.y - 12 < y + 40 && y < label.y + 4;
      expect([id, covers]).toEqual([id, false]);
    }
});

test('lines are as wide as their rate is large, within bounds', () => {
  expect([0, 12.4 / 60, 96 / 60, 687 / 60, 1e6].map(lineWidth).map((px) => Number(px.toFixed(1)))).toEqual([
    1.5, 3.7, 6.6, 8, 8,
  ]);
  expect(lineWidth(Number.NaN)).toBe(1.5);
});

test('dots tell nothing in range, dashes mostly inferred', () => {
  expect(lineDash({ count: 0, inferred_share: null })).toBe('1.5 4');
  expect(lineDash({ count: 5, inferred_share: 0.6 })).toBe('8 5');
  expect(lineDash({ count: 5, inferred_share: 0.4 })).toBeNull();
});

test('there are never more dots than the limit, and none where nothing flows', () => {
  const rates = new Map(Array.from({ length: 80 }, (_, index) => [`e${index}`, index / 4]));
  const dots = dotCounts(rates);
  expect([...dots.values()].reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(120);
  expect(dots.get('e0')).toBe(0);
  expect(dots.get('e79')).toBeGreaterThanOrEqual(1);
});
