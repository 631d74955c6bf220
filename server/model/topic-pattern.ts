import { type Parsed, parsed, problem, quoted } from './pointer-text.ts';

const LONGEST_PATTERN = 200;
/** Each of them may try every length of the rest; a topic name has 249 characters. */
const MOST_REPEATS = 3;

/**
 * Reads a pattern for topic names, a regular expression that cannot take long on any name: without look-around and back
 * references, with few repeats, and none around a group that repeats or chooses itself.
 */
export function parseTopicPattern(text: string): Parsed<RegExp> {
  if (text === '') return problem('A topic condition needs a pattern.');
  if (text.length > LONGEST_PATTERN) return problem(`A topic pattern has at most ${LONGEST_PATTERN} characters.`);
  const found = slowPart(text);
  if (found !== null) return problem(`The topic pattern ${quoted(text)} ${found}.`);
  try {
    return parsed(new RegExp(text));
  } catch {
    return problem(`${quoted(text)} is no regular expression.`);
  }
}

/** What could make a pattern slow, as the end of a sentence; null for nothing. */
function slowPart(text: string): string | null {
  let repeats = text.startsWith('^') ? 0 : 1;
  /** Per open group: whether something inside repeats or chooses. */
  const open: boolean[] = [];
  let closed = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
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
      open.push(false);
    } else if (character === ')') {
      closed = open.pop() === true;
      if (closed && open.length > 0) open[open.length - 1] = true;
    } else if (character === '|') {
      if (open.length > 0) open[open.length - 1] = true;
    } else if (character === '*' || character === '+' || character === '{') {
      if (wasClosed) return 'repeats a group that repeats or chooses itself';
      repeats += 1;
      if (open.length > 0) open[open.length - 1] = true;
      // What follows at once (`a*+`, `a*?`) belongs to the same repeat.
      if (text[at + 1] === '?') at += 1;
    }
  }
  return repeats > MOST_REPEATS ? 'repeats too often; begin it with “^” and use fewer of “*”, “+” and “{”' : null;
}

function endOfClass(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== ']') at += text[at] === '\\' ? 2 : 1;
  return at;
}
