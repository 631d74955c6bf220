/** The one of `names` that `given` was most likely meant to be, or null when none is near. Case does not count. */
export function nearest(given: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(given.length / 3)) + 1;
  for (const name of names) {
    // As many characters must be added or removed at least; most names go no further.
    if (Math.abs(Math.min(given.length, LONGEST) - Math.min(name.length, LONGEST)) >= bestDistance) continue;
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

const LONGEST = 100;

/** Levenshtein distance: how many characters must be added, removed or replaced. Inputs are cut at 100 characters. */
export function editDistance(a: string, b: string): number {
  const left = a.slice(0, LONGEST);
  const right = b.slice(0, LONGEST);
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[right.length] ?? 0;
}
