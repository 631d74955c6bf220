import { type LabelPlace, labelPlaces } from './label-places.ts';
import type { Position, SceneLayout } from './layout-scene.ts';
import type { MapScene, SceneLine, ScenePlace } from './map-scene.ts';

/** A line as it is drawn. */
export interface LineGeometry {
  /** SVG path from the right side of one place to the left side of the other. */
  readonly d: string;
  readonly length: number;
  readonly middle: Position;
  readonly label: LabelPlace;
  /** Where its direction is shown, in degrees. */
  readonly arrow: Position & { readonly turn: number };
}

/** Least room between two lines at a place, and its border. */
const PORT_APART = 9;
const PORT_EDGE = 6;
const ARROW_AT = 0.6;
/** In shares of its length: where along a line its label is tried, and what it passes. */
const LABEL_AT = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8];
const PASSED_AT = Array.from({ length: 13 }, (_, index) => index / 12);
/** The rate under a topic is a part of it. */
const UNDER_PX = 16;
const STEPS = 8;

interface Tried {
  /** Where its label is tried, the middle first. */
  readonly tried: readonly Position[];
  /** What it passes, for the labels of others. */
  readonly passed: readonly Position[];
}

type Curve = readonly [Position, Position, Position, Position];

/** Every line between where its places stand: at a place lines are apart, in the order of where they come from or go. */
export function lineGeometries(
  { places, lines }: MapScene,
  at: ReadonlyMap<string, Position>,
  { positions, bends }: SceneLayout,
): Map<string, LineGeometry> {
  const byId = new Map(places.map((place) => [place.id, place]));
  const middleY = (id: string) => (at.get(id)?.y ?? 0) + (byId.get(id)?.height ?? 0) / 2;
  const outs = ports(
    lines,
    (line) => line.from,
    (line) => middleY(line.to),
    byId,
  );
  const ins = ports(
    lines,
    (line) => line.to,
    (line) => middleY(line.from),
    byId,
  );
  const stands = (id: string) => at.get(id)?.x === positions.get(id)?.x && at.get(id)?.y === positions.get(id)?.y;
  const drawn = new Map<string, Omit<LineGeometry, 'label'> & Tried>();
  for (const line of lines) {
    const [source, from, to] = [byId.get(line.from), at.get(line.from), at.get(line.to)];
    if (source === undefined || from === undefined || to === undefined) continue;
    const start = { x: from.x + source.width, y: middleY(line.from) + (outs.get(line.id) ?? 0) };
    const end = { x: to.x, y: middleY(line.to) + (ins.get(line.id) ?? 0) };
    // Bends belong to the layout: once an end stands elsewhere, the line is straight.
    const through = stands(line.from) && stands(line.to) ? (bends.get(line.id) ?? []) : [];
    drawn.set(line.id, geometry(curves([start, ...through, end])));
  }
  const boxes = places.map(({ id, kind, width, height }) => ({
    ...{ x: 0, y: 0, ...at.get(id), width },
    height: height + (kind === 'topic' || kind === 'fold' ? UNDER_PX : 0),
  }));
  const labels = labelPlaces(
    [...drawn].map(([id, { tried }]) => ({ id, points: tried })),
    boxes,
    [...drawn.values()].flatMap(({ passed }) => passed),
  );
  return new Map(
    [...drawn].map(([id, { tried, passed, ...line }]) => [
      id,
      { ...line, label: labels.get(id) ?? { ...line.middle, anchor: 'middle' } },
    ]),
  );
}

/** How far from the middle of its place each line begins. */
function ports(
  lines: readonly SceneLine[],
  placeOf: (line: SceneLine) => string,
  otherY: (line: SceneLine) => number,
  places: ReadonlyMap<string, ScenePlace>,
): Map<string, number> {
  const byPlace = new Map<string, SceneLine[]>();
  for (const line of lines) byPlace.set(placeOf(line), [...(byPlace.get(placeOf(line)) ?? []), line]);
  const offsets = new Map<string, number>();
  for (const [id, mine] of byPlace) {
    const room = Math.max(0, (places.get(id)?.height ?? 0) - 2 * PORT_EDGE);
    const apart = mine.length > 1 ? Math.min(PORT_APART, room / (mine.length - 1)) : 0;
    const ordered = [...mine].sort((a, b) => otherY(a) - otherY(b) || (a.id < b.id ? -1 : 1));
    for (const [index, { id: line }] of ordered.entries()) offsets.set(line, (index - (mine.length - 1) / 2) * apart);
  }
  return offsets;
}

/** Curves from point to point that leave and arrive level. */
function curves(points: readonly Position[]): Curve[] {
  return points.slice(1).map((end, index): Curve => {
    const start = points[index] ?? end;
    const reach = (end.x - start.x) / 2;
    // A target that was dragged to the left still gets a line that leaves to the right.
    const bow = points.length === 2 ? Math.max(18, Math.abs(reach)) : reach;
    return [start, { x: start.x + bow, y: start.y }, { x: end.x - bow, y: end.y }, end];
  });
}

function geometry(drawn: readonly Curve[]): Omit<LineGeometry, 'label'> & Tried {
  const first = drawn[0]?.[0] ?? { x: 0, y: 0 };
  const rest = drawn.map(([, a, b, end]) => `C${text(a)} ${text(b)} ${text(end)}`).join('');
  const points = drawn.flatMap((curve) => Array.from({ length: STEPS }, (_, step) => on(curve, step / STEPS)));
  const last = drawn.at(-1)?.[3];
  if (last !== undefined) points.push(last);
  const lengths = points.slice(1).map((point, index) => distance(points[index] ?? point, point));
  const length = lengths.reduce((sum, each) => sum + each, 0);
  const [a, b] = [along(points, lengths, length * (ARROW_AT - 0.02)), along(points, lengths, length * ARROW_AT)];
  const middle = along(points, lengths, length / 2);
  return {
    d: `M${text(first)}${rest}`,
    length,
    middle,
    tried: LABEL_AT.map((share) => along(points, lengths, length * share)),
    passed: PASSED_AT.map((share) => along(points, lengths, length * share)),
    arrow: { ...b, turn: Math.round((Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI) },
  };
}

function along(points: readonly Position[], lengths: readonly number[], goal: number): Position {
  let left = goal;
  for (const [index, length] of lengths.entries()) {
    const [from, to] = [points[index], points[index + 1]];
    if (from === undefined || to === undefined) break;
    if (left <= length && length > 0) {
      const share = left / length;
      return { x: round(from.x + (to.x - from.x) * share), y: round(from.y + (to.y - from.y) * share) };
    }
    left -= length;
  }
  return points.at(-1) ?? { x: 0, y: 0 };
}

function on([p, a, b, q]: Curve, t: number): Position {
  const s = 1 - t;
  const mix = (from: number, one: number, two: number, to: number) =>
    s ** 3 * from + 3 * s * s * t * one + 3 * s * t * t * two + t ** 3 * to;
  return { x: mix(p.x, a.x, b.x, q.x), y: mix(p.y, a.y, b.y, q.y) };
}

function distance(a: Position, b: Position): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function text({ x, y }: Position): string {
  return `${round(x)},${round(y)}`;
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
