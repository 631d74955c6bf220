import type { LatencyPoint } from '@/server/model/latency-wire.ts';

/** A row's p95 over time in a small box. */
export interface Spark {
  /** Broken where a step is missing or has too few; a lone step is a short dash. */
  readonly path: string;
  /** The same for the part over the objective. */
  readonly overPath: string;
  readonly drawn: number;
}

interface SparkBox {
  readonly width: number;
  readonly height: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  /** Above this a p95 is over its objective, its error bound taken off. */
  readonly overMs: number;
}

/** The line of p95 through time, on a scale of its own from nothing to its top. */
export function spark(series: readonly LatencyPoint[], box: SparkBox): Spark {
  const known = series.filter((point) => point.p95_ms !== null);
  // A steady line stands in the upper middle of its box, not at its edge.
  const top = 1.3 * Math.max(1e-9, ...known.map((point) => point.p95_ms ?? 0));
  const x = (at: string) => ((Date.parse(at) - box.fromMs) / (box.toMs - box.fromMs)) * box.width;
  const y = (ms: number) => box.height - (ms / top) * (box.height - 2) - 1;
  let path = '';
  let overPath = '';
  let before: { x: number; y: number; at: number; over: boolean } | null = null;
  for (const point of known) {
    const ms = point.p95_ms ?? 0;
    const here = { x: clip(x(point.at), box.width), y: y(ms), at: Date.parse(point.at), over: ms > box.overMs };
    const joined = before !== null && here.at - before.at < 1.5 * box.stepMs;
    const line = joined && before !== null ? `M${at(before)}L${at(here)}` : `M${at(here)}h1`;
    if (here.over && (!joined || before?.over === true)) overPath += line;
    else path += line;
    before = here;
  }
  return { path, overPath, drawn: known.length };
}

function at({ x, y }: { x: number; y: number }): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function clip(x: number, width: number): number {
  return Math.min(width, Math.max(0, x));
}
