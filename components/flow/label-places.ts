import type { Position } from './layout-scene.ts';

/** Where a label stands: its foot, and which part of it is there. */
export interface LabelPlace extends Position {
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box extends Position {
  readonly width: number;
  readonly height: number;
}

/** The room a label takes, whatever it says at the moment: numbers tick, and labels stand still. */
const LABEL = { width: 86, height: 16 };
/** Off its line by so much, which leaves room for the wall of a stop; further, over the places of a short line. */
const OFF_X = 16;
const OFF_Y = 18;
const FURTHER_Y = 28;
const WALL = 28;
const FOOT = 4;
/** What a point of a line under a label weighs, in px² of a place. */
const POINT_PX2 = 12;

/**
 * Where each line's label covers no place and no other label, or the least of them. Tried along the line from its middle
 * on: over it, under it, left and right of it.
 * @param points of each line, those to be tried first first
 * @param drawn points of all lines: a label covers as few as it can
 */
export function labelPlaces(
  lines: readonly { readonly id: string; readonly points: readonly Position[] }[],
  places: readonly Box[],
  drawn: readonly Position[] = [],
): Map<string, LabelPlace> {
  const taken: Box[] = [...places];
  const found = new Map<string, LabelPlace>();
  for (const { id, points } of lines) {
    let best: { readonly place: LabelPlace; readonly covered: number } | null = null;
    const wall = wallAt(points[0]);
    for (const place of points.flatMap(around)) {
      const box = boxOf(place);
      const covered = coveredBy(box, taken) + coveredBy(box, wall) + POINT_PX2 * within(box, drawn);
      if (best === null || covered < best.covered) best = { place, covered };
      if (covered === 0) break;
    }
    if (best === null) continue;
    found.set(id, best.place);
    taken.push(boxOf(best.place));
  }
  return found;
}

function around({ x, y }: Position): LabelPlace[] {
  return [
    { x, y: y - OFF_Y, anchor: 'middle' },
    { x, y: y - FURTHER_Y, anchor: 'middle' },
    { x, y: y + OFF_Y + LABEL.height - FOOT, anchor: 'middle' },
    { x, y: y + FURTHER_Y + LABEL.height - FOOT, anchor: 'middle' },
    { x: x - OFF_X, y: y + FOOT, anchor: 'end' },
    { x: x + OFF_X, y: y + FOOT, anchor: 'start' },
  ];
}

function boxOf({ x, y, anchor }: LabelPlace): Box {
  const left = { start: x, middle: x - LABEL.width / 2, end: x - LABEL.width }[anchor];
  return { x: left, y: y - LABEL.height + FOOT, ...LABEL };
}

/** Where a stop would be drawn on a line, at its middle. */
function wallAt(middle: Position | undefined): Box[] {
  return middle === undefined ? [] : [{ x: middle.x - WALL / 2, y: middle.y - WALL / 2, width: WALL, height: WALL }];
}

/** px² of a box that others stand on. */
function coveredBy(box: Box, others: readonly Box[]): number {
  let sum = 0;
  for (const other of others) {
    const width = Math.min(box.x + box.width, other.x + other.width) - Math.max(box.x, other.x);
    const height = Math.min(box.y + box.height, other.y + other.height) - Math.max(box.y, other.y);
    if (width > 0 && height > 0) sum += width * height;
  }
  return sum;
}

function within(box: Box, points: readonly Position[]): number {
  return points.filter(({ x, y }) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height).length;
}
