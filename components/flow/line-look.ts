/** Bounds of a line's width, and of the dots on all lines together. */
const THIN_PX = 1.5;
const THICK_PX = 8;
const DOTS_PER_LINE = 5;
const DOTS_LIMIT = 120;
/** px a second: one speed for all, so that a longer line takes longer. */
const SPEED = 60;

/** Width of a line by its rate: grows with the logarithm, so that a hundred times as much is not a wall. */
export function lineWidth(perSecond: number): number {
  if (!(perSecond > 0)) return THIN_PX;
  return Math.min(THICK_PX, Math.max(THIN_PX, THIN_PX + 1.1 * Math.log2(1 + (perSecond * 60) / 4)));
}

/** How its causes are known: mostly inferred is dashed, nothing in the range is dotted. */
export function lineDash({ count, inferred_share }: { count: number; inferred_share: number | null }): string | null {
  if (count === 0) return '1.5 4';
  return (inferred_share ?? 0) > 0.5 ? '8 5' : null;
}

/** Dots on each line by its rate; together never more than the limit, and one less everywhere before none somewhere. */
export function dotCounts(rates: ReadonlyMap<string, number>, limit = DOTS_LIMIT): Map<string, number> {
  const wanted = new Map(
    [...rates].map(([id, rate]) => [
      id,
      rate > 0 ? Math.min(DOTS_PER_LINE, 1 + Math.floor(Math.log2(1 + (rate * 60) / 4) / 1.5)) : 0,
    ]),
  );
  for (let most = DOTS_PER_LINE; most > 0 && total(wanted) > limit; most--)
    for (const [id, dots] of wanted) if (dots >= most) wanted.set(id, most - 1);
  return wanted;
}

/** How long a dot takes along a line. */
export function dotSeconds(length: number): number {
  return Math.max(0.4, length / SPEED);
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, each) => sum + each, 0);
}
