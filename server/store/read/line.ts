import { type Micros, micros, microsToRfc3339 } from '../../model/time.ts';
import type { LineStretch } from '../../model/wire.ts';

/** What is known about a range of time; all times in microseconds since 1970. */
export interface LineFacts {
  readonly from: Micros;
  readonly to: Micros;
  readonly now: Micros;
  /** Time of the earliest thing stored; null while nothing is. */
  readonly firstStored: Micros | null;
  /** Partitions have records that are not read yet, the oldest of them no earlier than this. */
  readonly unreadFrom: Micros | null;
  /** No tap has been heard since. */
  readonly unheardFrom: Micros | null;
  /** Events stored before this have expired. */
  readonly expiredTo: Micros | null;
  readonly holes: readonly Omit<LineHole, 'holes'>[];
}

/** A stretch of time in which records are missing. */
export interface LineHole {
  readonly from: Micros;
  readonly to: Micros;
  readonly why: string;
  /** How many holes it stands for. */
  readonly holes: number;
}

/** Holes closer than this share of the range are drawn as one: a through line has no more pixels. */
const PARTS = 500;

/** Joins holes that no reader could tell apart, so that a line has at most so many stretches. */
export function joinHoles(range: { from: Micros; to: Micros }, holes: readonly LineHole[]): LineHole[] {
  const near = (range.to - range.from) / PARTS;
  const joined: LineHole[] = [];
  for (const hole of [...holes].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || hole.from - last.to > near) joined.push(hole);
    else {
      const count = last.holes + hole.holes;
      const to = micros(Math.max(last.to, hole.to));
      joined[joined.length - 1] = { from: last.from, to, holes: count, why: `${count} holes, close to each other.` };
    }
  }
  return joined;
}

interface Layer {
  readonly from: number;
  readonly to: number;
  readonly kind: LineStretch['kind'];
  readonly why: string | null;
}

/** Shortest hole that is drawn: one instant would have no length. */
const HOLE_MIN_US = 1_000_000;

/**
 * The through line over [from, to): stretches that touch, never overlap, and cover it. What is worse wins: the future
 * and times nobody listened hide what is unread, a hole hides all.
 */
export function computeLine(facts: LineFacts): LineStretch[] {
  const { from, to } = facts;
  if (to <= from) return [];
  const layers = layersOf(facts);
  const cuts = new Set<number>([from, to]);
  for (const layer of layers) {
    for (const cut of [layer.from, layer.to]) if (cut > from && cut < to) cuts.add(cut);
  }
  const points = [...cuts].sort((a, b) => a - b);
  const stretches: LineStretch[] = [];
  for (let i = 0; i + 1 < points.length; i++) {
    const [start = from, end = to] = [points[i], points[i + 1]];
    const top = layers.find((layer) => layer.from <= start && layer.to >= end);
    append(stretches, start, end, top?.kind ?? 'stored', top?.why ?? null);
  }
  return stretches;
}

/** Worst first. */
function layersOf({ now, firstStored, unreadFrom, unheardFrom, expiredTo, holes }: LineFacts): Layer[] {
  const end = Number.POSITIVE_INFINITY;
  const start = Number.NEGATIVE_INFINITY;
  const layers: Layer[] = holes.map((hole) => ({
    from: hole.from,
    to: Math.max(hole.to, hole.from + HOLE_MIN_US),
    kind: 'hole',
    why: hole.why,
  }));
  layers.push({ from: now, to: end, kind: 'unheard', why: 'This has not happened yet.' });
  if (unheardFrom !== null) layers.push({ from: unheardFrom, to: end, kind: 'unheard', why: 'No tap was running.' });
  if (unreadFrom !== null) {
    layers.push({ from: unreadFrom, to: end, kind: 'unread', why: 'Records from here on are not all read yet.' });
  }
  if (expiredTo !== null) {
    layers.push({ from: start, to: expiredTo, kind: 'unheard', why: 'Events stored before this have expired.' });
  }
  if (firstStored === null) layers.push({ from: start, to: end, kind: 'unheard', why: 'Nothing is stored yet.' });
  else layers.push({ from: start, to: firstStored, kind: 'unheard', why: 'Nothing is stored from before this.' });
  return layers;
}

function append(
  stretches: LineStretch[],
  from: number,
  to: number,
  kind: LineStretch['kind'],
  why: string | null,
): void {
  const last = stretches.at(-1);
  const end = microsToRfc3339(micros(to));
  if (last !== undefined && last.kind === kind && last.why === why) {
    stretches[stretches.length - 1] = { ...last, to: end };
  } else {
    stretches.push({ from: microsToRfc3339(micros(from)), to: end, kind, why });
  }
}
