import {
  ANY,
  type CharacterSet,
  DIGITS,
  isSurrogate,
  LAST,
  LINE_END,
  onlyOf,
  SPACE,
  single,
  united,
  WORD,
  without,
} from './character-set.ts';

/** A regular expression that is one in the strict sense: no look-around, no references back, no word boundaries. */
export type Pattern =
  | { readonly kind: 'one of'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'either'; readonly branches: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly part: Pattern; readonly least: number; readonly most: number };

/** Characters of a pattern, and groups in groups. */
const MOST_CHARACTERS = 1_000;
const MOST_GROUPS = 50;
const MOST_REPEATS = 100_000;

const ANYTHING: Pattern = {
  kind: 'repeat',
  part: { kind: 'one of', set: ANY },
  least: 0,
  most: Number.POSITIVE_INFINITY,
};

/**
 * Reads the `pattern` of a JSON Schema (ECMA 262 with the `u` flag) as the language of the *whole* texts in which it is
 * found: what is not anchored may have anything before and after. Null for what is no such pattern, or goes beyond the
 * regular ones or our bounds.
 */
export function parsePattern(source: string): Pattern | null {
  if (source.length > MOST_CHARACTERS) return null;
  try {
    return new PatternParser(source).whole();
  } catch (error) {
    if (error instanceof NotRegular) return null;
    throw error;
  }
}

/** The texts of a length, counted in code points. */
export function ofLength(least: number, most: number): Pattern {
  return { kind: 'repeat', part: { kind: 'one of', set: ANY }, least, most };
}

/** Leaves the parser from wherever it is. */
class NotRegular extends Error {}

class PatternParser {
  readonly #characters: readonly string[];
  #at = 0;
  #groups = 0;

  constructor(source: string) {
    this.#characters = [...source];
  }

  whole(): Pattern {
    const branches = [this.#anchored()];
    while (this.#takes('|')) branches.push(this.#anchored());
    if (this.#at < this.#characters.length) throw new NotRegular();
    return either(branches);
  }

  /** Anchors are read where they open or close a branch of the whole; anywhere else they make it another language. */
  #anchored(): Pattern {
    const opens = this.#takes('^');
    const parts = this.#parts();
    const closes = this.#takes('$');
    return sequence([...(opens ? [] : [ANYTHING]), ...parts, ...(closes ? [] : [ANYTHING])]);
  }

  #parts(): Pattern[] {
    const parts: Pattern[] = [];
    while (!['|', ')', '$', undefined].includes(this.#peek())) parts.push(this.#repeated(this.#atom()));
    return parts;
  }

  #atom(): Pattern {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'one of', set: this.#class() };
      case '.':
        return { kind: 'one of', set: without(LINE_END) };
      case '\\':
        return { kind: 'one of', set: this.#escape(false) };
      case '^':
      case '*':
      case '+':
      case '?':
      case '{':
      case '}':
      case ']':
        throw new NotRegular();
      default:
        return { kind: 'one of', set: single(character) };
    }
  }

  #group(): Pattern {
    this.#groups += 1;
    if (this.#groups > MOST_GROUPS) throw new NotRegular();
    if (this.#takes('?') && !this.#takes(':')) throw new NotRegular();
    const branches = [sequence(this.#parts())];
    while (this.#takes('|')) branches.push(sequence(this.#parts()));
    if (!this.#takes(')')) throw new NotRegular();
    return either(branches);
  }

  #repeated(part: Pattern): Pattern {
    const counts = this.#counts();
    if (counts === null) return part;
    this.#takes('?');
    const [least, most] = counts;
    if (least > most || least > MOST_REPEATS || (most > MOST_REPEATS && most !== Number.POSITIVE_INFINITY)) {
      throw new NotRegular();
    }
    return { kind: 'repeat', part, least, most };
  }

  #counts(): readonly [number, number] | null {
    if (this.#takes('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#takes('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#takes('?')) return [0, 1];
    if (!this.#takes('{')) return null;
    const least = this.#number();
    const most = this.#takes(',') ? (this.#peek() === '}' ? Number.POSITIVE_INFINITY : this.#number()) : least;
    if (!this.#takes('}')) throw new NotRegular();
    return [least, most];
  }

  #number(): number {
    let digits = '';
    while (/^\d$/.test(this.#peek() ?? '')) digits += this.#next();
    if (digits === '' || digits.length > 9) throw new NotRegular();
    return Number(digits);
  }

  #class(): CharacterSet {
    const negated = this.#takes('^');
    const ranges: (readonly [number, number])[] = [];
    while (!this.#takes(']')) {
      const from = this.#classAtom();
      if (this.#peek() !== '-' || this.#characters[this.#at + 1] === ']') {
        ranges.push(...from);
        continue;
      }
      this.#next();
      const to = this.#classAtom();
      const [first, last] = [onlyOf(from), onlyOf(to)];
      if (first === null || last === null || first > last) throw new NotRegular();
      ranges.push([first, last]);
    }
    const set = united(ranges);
    return negated ? without(set) : set;
  }

  #classAtom(): CharacterSet {
    const character = this.#next();
    return character === '\\' ? this.#escape(true) : single(character);
  }

  #escape(inClass: boolean): CharacterSet {
    const character = this.#next();
    const set = CLASS_ESCAPES.get(character);
    if (set !== undefined) return set;
    const control = CONTROL_ESCAPES.get(character);
    if (control !== undefined) return single(control);
    if (character === 'x') return [this.#hex(2)];
    if (character === 'u') return this.#unicode();
    if (character === '0' && !/^\d$/.test(this.#peek() ?? '')) return single('\0');
    if (inClass && character === '-') return single('-');
    // With the `u` flag nothing else may be escaped.
    if (!/^[\^$\\.*+?()[\]{}|/]$/.test(character)) throw new NotRegular();
    return single(character);
  }

  #unicode(): CharacterSet {
    if (!this.#takes('{')) {
      const [code] = this.#hex(4);
      // Two such escapes can be one character.
      if (isSurrogate(code)) throw new NotRegular();
      return [[code, code]];
    }
    let digits = '';
    while (!this.#takes('}')) digits += this.#next();
    const code = /^[\da-f]{1,6}$/i.test(digits) ? Number.parseInt(digits, 16) : LAST + 1;
    if (code > LAST || isSurrogate(code)) throw new NotRegular();
    return [[code, code]];
  }

  #hex(length: number): readonly [number, number] {
    let digits = '';
    for (let place = 0; place < length; place += 1) digits += this.#next();
    if (!/^[\da-f]+$/i.test(digits)) throw new NotRegular();
    const code = Number.parseInt(digits, 16);
    return [code, code];
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #next(): string {
    const character = this.#characters[this.#at];
    if (character === undefined) throw new NotRegular();
    this.#at += 1;
    return character;
  }

  #takes(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }
}

const CLASS_ESCAPES: ReadonlyMap<string, CharacterSet> = new Map([
  ['d', DIGITS],
  ['D', without(DIGITS)],
  ['w', WORD],
  ['W', without(WORD)],
  ['s', SPACE],
  ['S', without(SPACE)],
]);

const CONTROL_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['f', '\f'],
  ['v', '\v'],
]);

function either(branches: readonly Pattern[]): Pattern {
  const [only] = branches;
  return branches.length === 1 && only !== undefined ? only : { kind: 'either', branches };
}

function sequence(parts: readonly Pattern[]): Pattern {
  return { kind: 'sequence', parts };
}
