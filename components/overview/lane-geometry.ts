import { instantMs } from '@/components/ui/format-instant.ts';
import type { ActivityWire, LineStretch } from '@/server/model/wire.ts';

export type LaneField = 'stored' | 'traces' | 'undecodable' | 'uncorrelated';

/** One lane: a line or bars per step, gaps left open. */
export interface Lane {
  /** SVG path of a line; breaks where minutes were not heard. */
  readonly path: string;
  readonly bars: readonly {
    readonly x: number;
    readonly width: number;
    readonly height: number;
    readonly count: number;
    readonly at: string;
  }[];
  readonly total: number;
  readonly peak: number;
  readonly lastCount: number | null;
}

export interface LaneBox {
  readonly width: number;
  readonly height: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A lane of one count. A step without a row is zero where the tap was heard, and a gap where it was not. */
export function lane(activity: ActivityWire, field: LaneField, box: LaneBox, unheard: readonly LineStretch[]): Lane {
  const stepMs = activity.step_s * 1000;
  const counts = new Map(activity.buckets.map((bucket) => [Math.floor(instantMs(bucket.at) / stepMs), bucket[field]]));
  const steps: { step: number; count: number | null }[] = [];
  const [first, last] = [Math.ceil(box.fromMs / stepMs), Math.floor((box.toMs - 1) / stepMs)];
  for (let step = first; step <= last; step += 1)
    steps.push({ step, count: counts.get(step) ?? (isUnheard((step + 0.5) * stepMs, unheard) ? null : 0) });
  const peak = Math.max(0, ...steps.map(({ count }) => count ?? 0));
  const x = (ms: number) => ((ms - box.fromMs) / (box.toMs - box.fromMs)) * box.width;
  const size = (count: number) => (peak === 0 ? 0 : (count / peak) * box.height);
  const stepPx = x(box.fromMs + stepMs);
  return {
    path: pathOf(
      steps.map(({ step, count }) => (count === null ? null : [x((step + 0.5) * stepMs), box.height - size(count)])),
    ),
    bars: steps.flatMap(({ step, count }) =>
      count === null || count === 0
        ? []
        : [
            {
              x: x(step * stepMs),
              width: Math.max(1, stepPx - 1),
              height: Math.max(2, size(count)),
              count,
              at: new Date(step * stepMs).toISOString(),
            },
          ],
    ),
    total: steps.reduce((sum, { count }) => sum + (count ?? 0), 0),
    peak,
    lastCount: steps.at(-2)?.count ?? null,
  };
}

/** Stretches of a range in px, for hatching and dots. */
export function stretchPx(stretch: LineStretch, box: LaneBox): { readonly x: number; readonly width: number } {
  const at = (ms: number) => Math.min(Math.max((ms - box.fromMs) / (box.toMs - box.fromMs), 0), 1) * box.width;
  const x = at(instantMs(stretch.from));
  return { x, width: at(instantMs(stretch.to)) - x };
}

function isUnheard(ms: number, stretches: readonly LineStretch[]): boolean {
  return stretches.some((s) => s.kind === 'unheard' && instantMs(s.from) <= ms && ms < instantMs(s.to));
}

function pathOf(points: readonly (readonly number[] | null)[]): string {
  let open = false;
  let path = '';
  for (const point of points) {
    if (point !== null) path += `${open ? 'L' : 'M'}${(point[0] ?? 0).toFixed(1)} ${(point[1] ?? 0).toFixed(1)}`;
    open = point !== null;
  }
  return path;
}
