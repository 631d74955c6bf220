import { expect, test } from 'vitest';
import { labelPlaces } from './label-places.ts';

const line = (id: string, ...points: [number, number][]) => ({ id, points: points.map(([x, y]) => ({ x, y })) });
const box = (x: number, y: number, width = 150, height = 44) => ({ x, y, width, height });

test('a label with room stands over the middle of its line', () => {
  expect(labelPlaces([line('a', [200, 100])], []).get('a')).toEqual({ x: 200, y: 82, anchor: 'middle' });
});

test('a label gives way to a place, and to another label', () => {
  const over = box(120, 40);
  expect(labelPlaces([line('a', [200, 100])], [over]).get('a')).toMatchObject({ x: 200, y: 130 });
  expect(labelPlaces([line('a', [200, 100])], [box(120, 78, 150, 9)]).get('a')).toMatchObject({ x: 200, y: 72 });
  const places = labelPlaces([line('a', [200, 100]), line('b', [205, 100])], [over]);
  expect(places.get('b')?.anchor).toBe('end');
});

test('a label covers no line where it can help it', () => {
  const drawn = [190, 200, 210].map((x) => ({ x, y: 78 }));
  expect(labelPlaces([line('a', [200, 100])], [], drawn).get('a')).toMatchObject({ y: 72 });
});

test('another point of the line is tried where its middle is crowded', () => {
  const crowd = [box(0, 0, 400, 400)];
  expect(labelPlaces([line('a', [200, 200], [600, 200])], crowd).get('a')).toMatchObject({ x: 600 });
});

test('where all is covered it stands where it covers least', () => {
  const places = labelPlaces([line('a', [200, 200])], [box(0, 0, 400, 210), box(0, 210, 230, 200)]);
  expect(places.get('a')).toMatchObject({ y: 230, anchor: 'middle' });
});
