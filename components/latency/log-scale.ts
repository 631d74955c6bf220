import type { LatencyRow } from '@/server/model/latency-wire.ts';

/** A logarithmic axis of durations that all rows share, from one power of ten to another. */
export interface LogScale {
  readonly fromMs: number;
  readonly toMs: number;
  /** Where a duration stands, 0..1; what lies beyond an end stands at it. */
  readonly at: (ms: number) => number;
  readonly ticks: readonly { readonly ms: number; readonly at: number }[];
}

const LEAST_MS = 0.001;

/** The axis that holds every percentile, maximum and objective of these rows, in whole decades. */
export function rowsScale(rows: readonly LatencyRow[]): LogScale {
  return logScale(rows.flatMap((row) => [row.p50_ms, row.p95_ms, row.p99_ms, row.max_ms, row.objective_ms]));
}

/** The axis in whole decades that holds all of these; at least two decades. */
export function logScale(durations: readonly (number | null)[]): LogScale {
  const known = durations.filter((ms): ms is number => ms !== null && Number.isFinite(ms) && ms > 0);
  const least = known.length === 0 ? 10 : Math.max(LEAST_MS, Math.min(...known));
  const most = known.length === 0 ? 1000 : Math.max(LEAST_MS, ...known);
  // 10^2 is written by the logarithm as 1.9999999999999998.
  const first = Math.floor(Math.log10(least) + 1e-9);
  const last = Math.max(first + 2, Math.ceil(Math.log10(most) - 1e-9));
  const at = (ms: number) => Math.min(1, Math.max(0, (Math.log10(Math.max(LEAST_MS, ms)) - first) / (last - first)));
  // Six labels at most: on a wide axis every second decade has one.
  const every = Math.ceil((last - first) / 5);
  const ticks = [];
  for (let power = first; power <= last; power += every) ticks.push({ ms: 10 ** power, at: at(10 ** power) });
  return { fromMs: 10 ** first, toMs: 10 ** last, at, ticks };
}

/** Labels of an axis: the unit on its first tick, and where it changes. `10 ms`, `100`, `1 s`, `10`, `100`. */
export function tickLabels(ticks: readonly { readonly ms: number }[]): string[] {
  let unit = '';
  return ticks.map(({ ms }) => {
    const [value, mine] = ms >= 1000 ? [ms / 1000, 's'] : [ms, 'ms'];
    const text = String(Number(value.toPrecision(6)));
    if (mine === unit) return text;
    unit = mine;
    return `${text} ${mine}`;
  });
}
