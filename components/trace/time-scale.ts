/** A stretch without events that is drawn as a strip of fixed width. Times in ms after the start. */
export interface Fold {
  readonly fromMs: number;
  readonly toMs: number;
  readonly x0: number;
  readonly x1: number;
}

export interface TimeScale {
  readonly x: (ms: number) => number;
  readonly folds: readonly Fold[];
  readonly ticks: readonly { readonly ms: number; readonly x: number }[];
  readonly width: number;
}

/** Width of a folded wait, and the room one tick label needs, in px. */
const FOLD_PX = 56;
const TICK_PX = 76;
/** A wait longer than this share of the trace is folded. */
const FOLD_SHARE = 0.4;

/**
 * Time to px for one trace. Waits longer than 40 % of the trace are folded, unless that would leave nothing to magnify.
 * @param times moments of events in ms after the start, any order
 */
export function timeScale(times: readonly number[], width: number, trueScale: boolean): TimeScale {
  const moments = [...new Set([0, ...times])].sort((a, b) => a - b);
  const [first, last] = [moments[0] ?? 0, moments.at(-1) ?? 0];
  const waits = trueScale ? [] : longWaits(moments, last - first);
  const folded = waits.reduce((sum, [from, to]) => sum + to - from, 0);
  const open = last - first - folded;
  const perMs = open > 0 ? Math.max(0, width - waits.length * FOLD_PX) / open : 0;

  const folds: Fold[] = [];
  let skippedMs = 0;
  for (const [fromMs, toMs] of waits) {
    const x0 = (fromMs - first - skippedMs) * perMs + folds.length * FOLD_PX;
    folds.push({ fromMs, toMs, x0, x1: x0 + FOLD_PX });
    skippedMs += toMs - fromMs;
  }
  const x = (ms: number) => position(ms, first, perMs, folds);
  return { x, folds, ticks: ticks(first, last, perMs, folds, x, width), width };
}

function longWaits(moments: readonly number[], total: number): [number, number][] {
  const waits: [number, number][] = [];
  for (const [i, to] of moments.entries()) {
    const from = moments[i - 1];
    if (from !== undefined && to - from > FOLD_SHARE * total) waits.push([from, to]);
  }
  return moments.length - 1 > waits.length ? waits : [];
}

function position(ms: number, first: number, perMs: number, folds: readonly Fold[]): number {
  let hiddenMs = 0;
  let strips = 0;
  for (const fold of folds) {
    if (ms <= fold.fromMs) break;
    if (ms < fold.toMs) return fold.x0 + ((ms - fold.fromMs) / (fold.toMs - fold.fromMs)) * FOLD_PX;
    hiddenMs += fold.toMs - fold.fromMs;
    strips += 1;
  }
  return (ms - first - hiddenMs) * perMs + strips * FOLD_PX;
}

function ticks(
  first: number,
  last: number,
  perMs: number,
  folds: readonly Fold[],
  x: (ms: number) => number,
  width: number,
) {
  if (perMs === 0) return [{ ms: 0, x: x(0) }];
  const step = roundStep(TICK_PX / perMs);
  const found: { ms: number; x: number }[] = [];
  let ms = Math.ceil(first / step) * step;
  // Ticks lie on the open stretches only: behind a fold the count goes on from its end.
  while (ms <= last && found.length < 100) {
    const within = folds.find((fold) => ms > fold.fromMs && ms < fold.toMs);
    const next = within === undefined ? ms + step : Math.max(ms + step, Math.ceil(within.toMs / step) * step);
    if (within === undefined) {
      const at = x(ms);
      const clear = folds.every((fold) => at < fold.x0 - 24 || at > fold.x1 + 24);
      if (ms === 0 || (at <= width && clear)) found.push({ ms, x: at });
    }
    // So far from the start that a step is no more than the number's own rounding.
    if (next === ms) break;
    ms = next;
  }
  return found;
}

/** The least round duration (1, 2, 5 × 10ⁿ ms under a minute; then clock steps) that is at least `ms`. */
function roundStep(ms: number): number {
  const clock = [60e3, 120e3, 300e3, 600e3, 1800e3, 3600e3, 7200e3, 21_600e3, 43_200e3, 86_400e3];
  if (ms > 30_000) return clock.find((step) => step >= ms) ?? Math.ceil(ms / 86_400e3) * 86_400e3;
  const power = 10 ** Math.floor(Math.log10(ms));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= ms) ?? 10 * power;
}
