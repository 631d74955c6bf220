import type { LatencyRow } from '@/server/model/latency-wire.ts';
import type { LogScale } from './log-scale.ts';

/** A row on the shared axis, in px of its width; null where there is nothing to draw. */
export interface RangePlot {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly objective: number | null;
}

/** Places a row's percentiles. What is null stays null: too few is not zero. */
export function rangePlot(row: LatencyRow, scale: LogScale, width: number): RangePlot {
  const place = (ms: number | null) => (ms === null ? null : round(scale.at(ms) * width));
  return {
    p50: place(row.p50_ms),
    p95: place(row.p95_ms),
    p99: place(row.p99_ms),
    max: place(row.max_ms),
    objective: place(row.objective_ms),
  };
}

function round(px: number): number {
  return Math.round(px * 10) / 10;
}
