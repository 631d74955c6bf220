/** Least distance of two labels of 11 px. */
const APART_PX = 13;

/** Heights of labels moved apart until none covers another, the order kept; index by index as given. */
export function spreadLabels(ys: readonly number[]): number[] {
  const order = ys.map((y, index) => ({ y, index })).sort((a, b) => a.y - b.y);
  const placed = [...ys];
  let free = Number.NEGATIVE_INFINITY;
  for (const { y, index } of order) {
    const at = Math.max(y, free);
    placed[index] = at;
    free = at + APART_PX;
  }
  return placed;
}
