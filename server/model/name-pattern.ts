import { type Parsed, parsed } from './pointer-text.ts';
import { LONGEST_PATTERN, parseTopicPattern } from './topic-pattern.ts';

/** A text of these is a name and means only itself; anything else is a pattern. */
const PLAIN_NAME = /^[\p{L}\p{N}._-]{1,200}$/u;

/** Longest name that patterns are held against: what is stored of a name is cut there too. */
const LONGEST_NAME = 512;

/** Tells whether a name is meant. */
export type MeansName = (name: string) => boolean;

/**
 * Reads what names a service, a topic or an event type: a plain name, or a pattern as in the topic conditions of dialects,
 * which cannot take long on any name.
 */
export function parseNamePattern(text: string): Parsed<MeansName> {
  if (PLAIN_NAME.test(text)) return parsed((name) => name === text);
  const pattern = parseTopicPattern(text);
  return pattern.ok ? parsed((name) => pattern.value.test(name.slice(0, LONGEST_NAME))) : pattern;
}

/**
 * What means a name and, as far as a pattern is long enough for it, no other: a name that is too long is meant by its
 * beginning. Null for a name without a character.
 */
export function patternOfName(name: string): string | null {
  if (name === '') return null;
  if (PLAIN_NAME.test(name)) return name;
  const whole = `^${escaped(name)}$`;
  if (whole.length <= LONGEST_PATTERN) return whole;
  let beginning = '^';
  for (const character of name) {
    const next = beginning + escaped(character);
    if (next.length > LONGEST_PATTERN) break;
    beginning = next;
  }
  return beginning;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
