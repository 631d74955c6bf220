interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Least height of a step that has one event, in px: it must be seen beside a thousand. */
const LEAST = 3;

/** The bars of counts per step, the greatest as high as there is room; steps without events have none. */
export function trendBars(
  counts: readonly number[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly Bar[] {
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  return counts.flatMap((count, at) => {
    if (count <= 0) return [];
    const high = Math.max(LEAST, Math.round((count / most) * height));
    return [{ x: Math.round(at * step * 10) / 10, y: height - high, width: Math.max(1, step - 0.7), height: high }];
  });
}
