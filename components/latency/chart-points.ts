import type { LatencyPoint } from '@/server/model/latency-wire.ts';

/** One step of the detail chart. A null is a gap; nothing is drawn through it. */
export interface ChartPoint {
  readonly atMs: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** Of the last step, which has not ended, and the one before it: drawn dotted. */
  readonly p50Open: number | null;
  readonly p95Open: number | null;
  /** Between these the true p95 lies. */
  readonly band: readonly [number, number] | null;
  readonly source: LatencyPoint | null;
}

/** Most steps of a series that reach the DOM. */
const POINTS_LIMIT = 240;

interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly bound: number | null;
}

/** The series on every step of its range, counted from its begin: steps without a point are gaps. */
export function chartPoints(series: readonly LatencyPoint[], { fromMs, toMs, stepMs, bound }: Steps): ChartPoint[] {
  const byStep = new Map(series.map((point) => [Math.floor((Date.parse(point.at) - fromMs) / stepMs), point]));
  const last = Math.ceil((toMs - fromMs) / stepMs) - 1;
  const first = Math.max(0, last - POINTS_LIMIT + 1);
  const points: ChartPoint[] = [];
  for (let step = first; step <= last; step++) {
    const point = byStep.get(step) ?? null;
    const open = point?.open === true;
    // The dotted end begins where the solid line ends.
    const beforeOpen = byStep.get(step + 1)?.open === true;
    const p95 = point?.p95_ms ?? null;
    points.push({
      atMs: fromMs + step * stepMs,
      p50: open ? null : (point?.p50_ms ?? null),
      p95: open ? null : p95,
      p99: open ? null : (point?.p99_ms ?? null),
      p50Open: open || beforeOpen ? (point?.p50_ms ?? null) : null,
      p95Open: open || beforeOpen ? p95 : null,
      band: p95 === null || bound === null || open ? null : [p95 * (1 - bound), p95 * (1 + bound)],
      source: point,
    });
  }
  return points;
}

/** The value axis: from nothing to a round number above all that is drawn, with 3 to 6 ticks. */
export function valueTicks(points: readonly ChartPoint[], objectiveMs: number | null): number[] {
  const drawn = points.flatMap(({ p50, p95, p99, p95Open }) => [p50, p95, p99, p95Open]);
  const top = Math.max(1, ...drawn.map((ms) => ms ?? 0));
  // An objective far above all hops would press them flat: the line then stands outside and is told in words.
  const reach = objectiveMs !== null && objectiveMs <= top * 2.5 ? Math.max(top, objectiveMs) : top;
  const step = roundStep(reach / 4);
  const ticks = [];
  for (let tick = 0; tick < reach + step; tick += step) ticks.push(tick);
  return ticks;
}

/** Round instants in a range, 3 to 7 of them. */
export function timeTicks(fromMs: number, toMs: number): number[] {
  const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880];
  const step = (minutes.find((one) => (toMs - fromMs) / (one * 60_000) <= 6) ?? 10_080) * 60_000;
  const ticks = [];
  for (let tick = Math.ceil(fromMs / step) * step; tick <= toMs; tick += step) ticks.push(tick);
  return ticks;
}

/** A 1, 2 or 5 with noughts, at least as large. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((one) => one * power >= least) ?? 10) * power;
}
