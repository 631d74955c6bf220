import { type Parsed, parsed, problem, quoted } from './pointer-text.ts';

/** Most characters of a pattern. */
export const LONGEST_PATTERN = 200;
/** Each of them may try every length of the rest; a topic name has 249 characters. */
const MOST_REPEATS = 3;
/** In how many ways so many repeats can share the characters of the longest name. */
const WAYS = [1, 250, 31_000, 2_600_000];
/** Ways of a pattern through a name, each `?` doubling them and each group multiplying by its branches: some 20 ms. */
const MOST_WAYS = 10_000_000;

/**
 * Reads a pattern for topic names, a regular expression that cannot take long on any name: without look-around and back
 * references, with few repeats, and none around a group that repeats or chooses itself.
 */
export function parseTopicPattern(text: string): Parsed<RegExp> {
  if (text === '') return problem('A pattern must not be empty.');
  if (text.length > LONGEST_PATTERN) return problem(`A pattern has at most ${LONGEST_PATTERN} characters.`);
  const found = slowPart(text, { anchored: text.startsWith('^') });
  if (found !== null) return problem(`The pattern ${quoted(text)} ${found}.`);
  try {
    return parsed(new RegExp(text));
  } catch {
    return problem(`${quoted(text)} is no regular expression.`);
  }
}

/**
 * What could make a regular expression slow, as the end of a sentence; null for nothing. Anchored it is tried at the
 * beginning of a name alone.
 */
export function slowPart(text: string, { anchored }: { readonly anchored: boolean }): string | null {
  let repeats = anchored ? 0 : 1;
  let choices = 1;
  /** Per open group, the whole pattern first: whether something inside repeats or chooses, and among how many. */
  const open = [{ varies: false, branches: 1 }];
  let closed = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    const around = open.at(-1) ?? { varies: false, branches: 1 };
    const wasClosed = closed;
    closed = false;
    if (character === '\\') {
      if (/[1-9k]/.test(text[at + 1] ?? '')) return 'refers back to a group';
      at += 1;
    } else if (character === '[') {
      at = endOfClass(text, at);
    } else if (character === '(') {
      if (text[at + 1] === '?' && text[at + 2] !== ':') return 'looks around or names a group';
      if (text[at + 1] === '?') at += 2;
      open.push({ varies: false, branches: 1 });
    } else if (character === ')') {
      if (open.length > 1) open.pop();
      closed = around.varies;
      choices *= around.branches;
      const outer = open.at(-1);
      if (closed && outer !== undefined) outer.varies = true;
    } else if (character === '|') {
      around.varies = true;
      around.branches += 1;
    } else if (character === '?') {
      around.varies = true;
      choices *= 2;
    } else if (character === '*' || character === '+' || character === '{') {
      if (wasClosed) return 'repeats a group that repeats or chooses itself';
      repeats += 1;
      around.varies = true;
      // What follows at once (`a*+`, `a*?`) belongs to the same repeat.
      if (text[at + 1] === '?') at += 1;
    }
  }
  if (repeats > MOST_REPEATS)
    return `repeats too often; ${anchored ? '' : 'begin it with “^” and '}use fewer of “*”, “+” and “{”`;
  return (WAYS[repeats] ?? Number.POSITIVE_INFINITY) * choices > MOST_WAYS
    ? 'chooses too often; use fewer of “?” and “|”'
    : null;
}

function endOfClass(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== ']') at += text[at] === '\\' ? 2 : 1;
  return at;
}
