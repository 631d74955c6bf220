/**
 * About how many steps a pattern has once its repeats are written out: `(ab{3}){10}` has 40. One pass, without unrolling
 * anything, so that a short pattern with huge repeats costs nothing to refuse. What it cannot read it counts as a step.
 */
export function unrolledSize(pattern: string): number {
  const groups = [0];
  let last = 0;
  const add = (size: number): void => {
    last = size;
    groups[groups.length - 1] = (groups.at(-1) ?? 0) + size;
  };
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (char === '(') groups.push(0);
    else if (char === ')' && groups.length > 1) add(1 + (groups.pop() ?? 0));
    else if (char === '[') {
      at = endOfClass(pattern, at);
      add(1);
    } else if (char === '{') {
      add(last * (timesAt(pattern, at) - 1));
      at = Math.max(at, pattern.indexOf('}', at));
    } else {
      if (char === '\\') at += 1;
      add(1);
    }
  }
  return groups.reduce((sum, size) => sum + size, 0);
}

const REPEAT = /\{(\d{1,9})(?:,(\d{0,9}))?\}/y;

/** How often a `{n,m}` writes out what stands before it, at most; 1 where it is none. */
function timesAt(pattern: string, at: number): number {
  REPEAT.lastIndex = at;
  const found = REPEAT.exec(pattern);
  return found === null ? 1 : Math.max(1, Number(found[1]) + 1, Number(found[2] ?? 0));
}

function endOfClass(pattern: string, start: number): number {
  let at = start + 1;
  while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1;
  return at;
}
