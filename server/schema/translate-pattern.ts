/** A pattern in RE2's own writing, or why there is none: the end of a sentence that begins with the pattern. */
export type Translation =
  | { readonly ok: true; readonly pattern: string }
  | { readonly ok: false; readonly why: string };

/** ECMA-262's white space and line ends, which are more than RE2's `\s`. As ranges, to stand inside a class. */
const SPACES = String.raw`\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}`;
/** All that is no such white space: a class inside a class cannot be negated. */
const NO_SPACES = String.raw`\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}`;
const ANY_BUT_LINE_END = String.raw`[^\n\r\x{2028}\x{2029}]`;

/** Names of general categories that RE2 knows by their short form alone. */
const CATEGORIES: Readonly<Record<string, string>> = {
  Letter: 'L',
  Lowercase_Letter: 'Ll',
  Uppercase_Letter: 'Lu',
  Titlecase_Letter: 'Lt',
  Modifier_Letter: 'Lm',
  Other_Letter: 'Lo',
  Mark: 'M',
  Number: 'N',
  Decimal_Number: 'Nd',
  digit: 'Nd',
  Punctuation: 'P',
  punct: 'P',
  Symbol: 'S',
  Separator: 'Z',
  Space_Separator: 'Zs',
  Control: 'Cc',
  cntrl: 'Cc',
};

/**
 * Translates a regular expression of ECMA-262 (what JSON Schema means by `pattern`) into RE2's writing of the same. What
 * RE2 cannot run in linear time has no translation: look-ahead, look-behind and references back to a group. Whether the
 * rest is a pattern at all is for RE2 to say.
 */
export function translatePattern(source: string): Translation {
  let pattern = '';
  let inClass = false;
  for (let at = 0; at < source.length; ) {
    const piece: Piece = inClass ? inClassPiece(source, at) : outsidePiece(source, at);
    if (piece.why !== undefined) return { ok: false, why: piece.why };
    pattern += piece.text;
    at += piece.length;
    if (piece.inClass !== undefined) inClass = piece.inClass;
  }
  return { ok: true, pattern };
}

interface Piece {
  readonly text: string;
  /** Characters of the source that it stands for. */
  readonly length: number;
  readonly inClass?: boolean;
  readonly why?: string;
}

function refused(why: string): Piece {
  return { text: '', length: 1, why };
}

function outsidePiece(source: string, at: number): Piece {
  const char = source[at] ?? '';
  if (char === '\\') return escapePiece(source, at, false);
  if (char === '.') return { text: ANY_BUT_LINE_END, length: 1 };
  if (char === '[') return classStart(source, at);
  if (char === '(' && source[at + 1] === '?') return groupStart(source, at);
  return { text: char, length: 1 };
}

/** `[]` matches nothing and `[^]` anything in ECMA-262; in RE2 the `]` would be the first of the class. */
function classStart(source: string, at: number): Piece {
  if (source.startsWith('[]', at)) return { text: String.raw`[^\x{0}-\x{10ffff}]`, length: 2 };
  if (source.startsWith('[^]', at)) return { text: String.raw`[\x{0}-\x{10ffff}]`, length: 3 };
  const text = source[at + 1] === '^' ? '[^' : '[';
  return { text, length: text.length, inClass: true };
}

function groupStart(source: string, at: number): Piece {
  const opening = source.slice(at, at + 4);
  if (/^\(\?[=!]/.test(opening)) return refused('looks ahead, which cannot be run in bounded time');
  if (/^\(\?<[=!]/.test(opening)) return refused('looks behind, which cannot be run in bounded time');
  if (opening.startsWith('(?:')) return { text: '(?:', length: 3 };
  if (opening.startsWith('(?<')) return { text: '(?P<', length: 3 };
  return refused(`has a group that begins with “${opening.slice(0, 3)}”, which ECMA-262 does not know`);
}

function inClassPiece(source: string, at: number): Piece {
  const char = source[at] ?? '';
  if (char === ']') return { text: ']', length: 1, inClass: false };
  // `[:` would begin a class of POSIX.
  if (char === '[') return { text: '\\[', length: 1 };
  return char === '\\' ? escapePiece(source, at, true) : { text: char, length: 1 };
}

function escapePiece(source: string, at: number, inClass: boolean): Piece {
  const next = source[at + 1];
  if (next === undefined) return refused('ends with a “\\” that stands for nothing');
  const set = (ranges: string): Piece => ({ text: inClass ? ranges : `[${ranges}]`, length: 2 });
  switch (next) {
    case 's':
      return set(SPACES);
    case 'S':
      return set(NO_SPACES);
    case 'b':
      return { text: inClass ? String.raw`\x08` : String.raw`\b`, length: 2 };
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 'B':
    case 't':
    case 'n':
    case 'v':
    case 'f':
    case 'r':
      return { text: `\\${next}`, length: 2 };
    case 'u':
    case 'x':
    case 'c':
    case '0':
      return codePiece(source, at);
    case 'k':
      return refused('refers back to a group, which cannot be run in bounded time');
    case 'p':
    case 'P':
      return propertyPiece(source, at);
    default:
      if (/[1-9]/.test(next)) return refused('refers back to a group, which cannot be run in bounded time');
      if (/[a-zA-Z]/.test(next)) return refused(`has “\\${next}”, which ECMA-262 does not know`);
      return literal(next.charCodeAt(0), 2);
  }
}

function literal(code: number, length: number): Piece {
  return { text: `\\x{${code.toString(16)}}`, length };
}

const CODES: readonly RegExp[] = [
  /\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})/y,
  /\\u([0-9a-fA-F]{4})/y,
  /\\u\{([0-9a-fA-F]{1,6})\}/y,
  /\\x([0-9a-fA-F]{2})/y,
];
const CONTROL = /\\c([a-zA-Z])/y;
const NUL = /\\0(?!\d)/y;

/** A character written by its number. Two surrogates are one character. */
function codePiece(source: string, at: number): Piece {
  for (const form of CODES) {
    form.lastIndex = at;
    const found = form.exec(source);
    if (found === null) continue;
    const [whole, first = '', second] = found;
    const high = Number.parseInt(first, 16);
    const code = second === undefined ? high : (high - 0xd800) * 0x400 + Number.parseInt(second, 16) - 0xdc00 + 0x10000;
    return literal(code, whole.length);
  }
  CONTROL.lastIndex = at;
  const control = CONTROL.exec(source);
  if (control !== null) return literal((control[1] ?? '').charCodeAt(0) % 32, 3);
  NUL.lastIndex = at;
  if (NUL.test(source)) return literal(0, 2);
  return refused(`has “\\${source[at + 1] ?? ''}” without the digits that belong to it`);
}

const PROPERTY = /\\([pP])\{(?:(General_Category|gc|Script|sc|Script_Extensions|scx)=)?([A-Za-z_]{1,40})\}/y;

function propertyPiece(source: string, at: number): Piece {
  PROPERTY.lastIndex = at;
  const found = PROPERTY.exec(source);
  if (found === null) return refused('has a “\\p” without a property of Unicode in braces');
  const [whole, letter = 'p', , name = ''] = found;
  return { text: `\\${letter}{${Object.hasOwn(CATEGORIES, name) ? CATEGORIES[name] : name}}`, length: whole.length };
}
