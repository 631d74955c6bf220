import { instantMs } from '@/components/ui/format-instant.ts';
import type { ActivityWire, LineStretch } from '@/server/model/wire.ts';

export type LaneField = 'stored' | 'traces' | 'undecodable' | 'uncorrelated';

/** One lane: level steps, or bars; gaps left open. */
export interface Lane {
  /** SVG path of the steps that have ended; breaks where the tap was not heard. */
  readonly path: string;
  /** The step that has not ended yet, and what leads up to it; empty when there is none. */
  readonly openPath: string;
  /** The base line wherever the tap was heard. */
  readonly basePath: string;
  readonly bars: readonly LaneBar[];
  readonly total: number;
  readonly peak: number;
  /** Mean per minute over the time that was heard; null when none was. */
  readonly perMinute: number | null;
}

export interface LaneBar {
  readonly x: number;
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly at: string;
  /** The step has not ended yet. */
  readonly open: boolean;
}

export interface LaneBox {
  readonly width: number;
  readonly height: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Step {
  readonly fromMs: number;
  readonly toMs: number;
  /** Null where the tap was not heard. */
  readonly count: number | null;
  readonly open: boolean;
}

/** A lane of one count. A step without a row is zero where the tap was heard, and a gap where it was not. */
export function lane(activity: ActivityWire, field: LaneField, box: LaneBox, unheard: readonly LineStretch[]): Lane {
  const steps = stepsOf(activity, field, box, unheard);
  const heard = steps.filter((step) => step.count !== null);
  const total = heard.reduce((sum, step) => sum + (step.count ?? 0), 0);
  const heardMs = heard.reduce(
    (sum, step) => sum + Math.min(step.toMs, box.toMs) - Math.max(step.fromMs, box.fromMs),
    0,
  );
  const peak = Math.max(0, ...heard.map((step) => step.count ?? 0));
  const x = (ms: number) => Math.min(box.width, Math.max(0, ((ms - box.fromMs) / (box.toMs - box.fromMs)) * box.width));
  const size = (count: number) => (peak === 0 ? 0 : (count / peak) * box.height);
  const levels = steps.map((step) => ({
    x0: x(step.fromMs),
    x1: x(step.toMs),
    y: step.count === null ? null : box.height - size(step.count),
  }));
  const openAt = steps.at(-1)?.open === true ? steps.length - 1 : steps.length;
  return {
    path: stairs(levels.slice(0, openAt)),
    openPath: openAt === steps.length ? '' : stairs(levels.slice(Math.max(0, openAt - 1)), 1),
    basePath: stairs(levels.map((level) => (level.y === null ? level : { ...level, y: box.height }))),
    bars: steps.flatMap((step, i) => barOf(step, levels[i], size)),
    total,
    peak,
    perMinute: heardMs > 0 ? total / (heardMs / 60_000) : null,
  };
}

function stepsOf(activity: ActivityWire, field: LaneField, box: LaneBox, unheard: readonly LineStretch[]): Step[] {
  const stepMs = activity.step_s * 1000;
  const counts = new Map(activity.buckets.map((bucket) => [Math.floor(instantMs(bucket.at) / stepMs), bucket[field]]));
  const [first, last] = [Math.ceil(box.fromMs / stepMs), Math.floor((box.toMs - 1) / stepMs)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const [fromMs, toMs] = [(first + i) * stepMs, (first + i + 1) * stepMs];
    const silent = isUnheard(fromMs, toMs, unheard) ? null : 0;
    return { fromMs, toMs, count: counts.get(first + i) ?? silent, open: toMs > box.toMs };
  });
}

function barOf(step: Step, level: Level | undefined, size: (count: number) => number): LaneBar[] {
  if (step.count === null || step.count === 0 || level === undefined) return [];
  const { count, open } = step;
  const width = Math.max(1, level.x1 - level.x0 - 1);
  return [
    { x: level.x0, width, height: Math.max(2, size(count)), count, at: new Date(step.fromMs).toISOString(), open },
  ];
}

/** Stretches of a range in px, for hatching and dots. */
export function stretchPx(stretch: LineStretch, box: LaneBox): { readonly x: number; readonly width: number } {
  const at = (ms: number) => Math.min(Math.max((ms - box.fromMs) / (box.toMs - box.fromMs), 0), 1) * box.width;
  const x = at(instantMs(stretch.from));
  return { x, width: at(instantMs(stretch.to)) - x };
}

/** A step heard in part only is no zero either. */
function isUnheard(fromMs: number, toMs: number, stretches: readonly LineStretch[]): boolean {
  return stretches.some((s) => s.kind === 'unheard' && instantMs(s.from) < toMs && fromMs < instantMs(s.to));
}

interface Level {
  readonly x0: number;
  readonly x1: number;
  /** Null for a gap. */
  readonly y: number | null;
}

/** Levels joined by verticals. The first `lead` of them are only where the path comes from, not drawn. */
function stairs(levels: readonly Level[], lead = 0): string {
  let joined = false;
  let path = '';
  for (const [i, { x0, x1, y }] of levels.entries()) {
    if (y !== null && i < lead) path += `M${px(x1)} ${px(y)}`;
    else if (y !== null) path += `${joined ? `V${px(y)}` : `M${px(x0)} ${px(y)}`}H${px(x1)}`;
    joined = y !== null;
  }
  return path;
}

function px(value: number): string {
  return value.toFixed(1);
}
