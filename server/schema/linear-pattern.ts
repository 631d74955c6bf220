import { RE2JS, RE2JSException } from 're2js';
import { translatePattern } from './translate-pattern.ts';
import { unrolledSize } from './unrolled-size.ts';
import { spend, type WorkLimit } from './work-limit.ts';

/** A pattern that takes time in proportion to the text it is tried on, or why there is none. */
export type LinearPattern =
  | { readonly ok: true; readonly engine: RE2JS }
  | { readonly ok: false; readonly why: string };

/** Characters of a pattern. */
const MAX_PATTERN = 2_000;
/** Steps of a compiled pattern: a character may cost as many. `{64,128}` makes some 200. */
const MAX_PROGRAM = 2_000;
const TOO_MANY_STEPS = { ok: false, why: `repeats so much that it has more than ${MAX_PROGRAM} steps` } as const;

/**
 * Compiles a pattern of a schema for an engine without backtracking (RE2's automata), so that no pattern can hold the tap
 * on any text. Patterns beyond that engine are refused, with the end of a sentence that says why: they are never run by
 * the built-in one. Never throws.
 */
export function compilePattern(source: string): LinearPattern {
  if (source.length > MAX_PATTERN) return { ok: false, why: `is longer than ${MAX_PATTERN} characters` };
  if (unrolledSize(source) > MAX_PROGRAM) return TOO_MANY_STEPS;
  const translated = translatePattern(source);
  if (!translated.ok) return translated;
  try {
    const engine = RE2JS.compile(translated.pattern);
    if (engine.programSize() > MAX_PROGRAM) return TOO_MANY_STEPS;
    return { ok: true, engine };
  } catch (error) {
    if (error instanceof RE2JSException) return { ok: false, why: 'is no regular expression that is understood' };
    throw error;
  }
}

/** What the validator asks of a pattern. `toString` tells two of them apart. */
export interface PatternTest {
  test(text: string): boolean;
  toString(): string;
}

/**
 * The pattern as a test that pays for each character it looks at from a limit. The engine mostly takes one step a
 * character; where its automaton grows too large it takes up to as many as the program has.
 */
export function payingTest(source: string, engine: RE2JS, limit: WorkLimit): PatternTest {
  const perCharacter = 1 + (engine.programSize() >> 5);
  return {
    test: (text) => {
      spend(limit, text.length * perCharacter);
      return engine.test(text);
    },
    toString: () => source,
  };
}
