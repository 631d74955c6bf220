import { UnusableSchemaError } from './mismatch.ts';

/** Messages, enums and whatever else stands in braces. */
const MAX_BLOCKS = 5_000;
const MAX_ENTRIES = 30_000;
/** A message's name holds those of the messages around it, and the parser keeps each in full. */
const MAX_NAME = 500;
/**
 * The parser compares each entry of a block with all others of it: the sum of their numbers squared, thus some 3,000
 * fields in one message, which take it one or two seconds.
 */
const MAX_COMPARISONS = 10_000_000;

/**
 * Looks over `.proto` texts before the parser does, in one pass: throws `UnusableSchemaError` for what would hold it for
 * minutes. What it cannot read it passes over, as the parser refuses that itself.
 */
export function refuseHuge(texts: readonly string[]): void {
  let [blocks, entries, comparisons] = [0, 0, 0];
  for (const text of texts) {
    const size = sizeOf(text);
    blocks += size.blocks;
    entries += size.entries;
    comparisons += size.comparisons;
  }
  if (blocks > MAX_BLOCKS || entries > MAX_ENTRIES || comparisons > MAX_COMPARISONS) {
    throw new UnusableSchemaError('the schema has too many messages or fields');
  }
}

interface Block {
  entries: number;
  /** The fields of a `oneof` and of an `extend` become those of what is around them. */
  readonly opens: boolean;
}

const OPEN = new Set(['oneof', 'extend']);
const [QUOTE, APOSTROPHE, COMMA, SLASH, SEMICOLON, OPENING, CLOSING] = [0x22, 0x27, 0x2c, 0x2f, 0x3b, 0x7b, 0x7d];

function sizeOf(text: string): { readonly blocks: number; readonly entries: number; readonly comparisons: number } {
  const open: Block[] = [{ entries: 0, opens: false }];
  let [blocks, entries, comparisons] = [0, 0, 0];
  let words: readonly [string, string] = ['', ''];
  const close = (): void => {
    const block = open.pop();
    const around = open.at(-1);
    if (block?.opens === true && around !== undefined) around.entries += block.entries;
    else comparisons += (block?.entries ?? 0) ** 2;
  };
  for (let at = 0; at < text.length; ) {
    const char = text.charCodeAt(at);
    const around = open.at(-1);
    if (around !== undefined && (char === SEMICOLON || char === COMMA || char === OPENING)) {
      entries += 1;
      // Messages of a file are looked up by their names, not compared.
      if (char !== OPENING || open.length > 1) around.entries += 1;
    }
    if (char === OPENING) {
      blocks += 1;
      open.push({ entries: 0, opens: words.some((word) => OPEN.has(word)) });
    } else if (char === CLOSING && open.length > 1) close();
    const end = endOf(text, at, char);
    if (isNamed(char)) {
      if (end - at > MAX_NAME) throw new UnusableSchemaError('the schema has a name that is too long');
      words = [words[1], text.slice(at, end)];
    }
    at = end;
  }
  while (open.length > 0) close();
  return { blocks, entries, comparisons };
}

/** One past the comment, the text, the name or the character that begins here. */
function endOf(text: string, at: number, char: number): number {
  if (char === SLASH && text.startsWith('//', at)) return past(text, '\n', at);
  if (char === SLASH && text.startsWith('/*', at)) return past(text, '*/', at + 2);
  if (char === QUOTE || char === APOSTROPHE) return pastQuoted(text, at, char);
  let end = at + 1;
  if (isNamed(char)) while (end < text.length && isNamed(text.charCodeAt(end))) end += 1;
  return end;
}

function past(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + mark.length;
}

function pastQuoted(text: string, start: number, quote: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === quote) return at + 1;
    if (char === 0x5c) at += 1;
  }
  return text.length;
}

/** Letters, digits, `_` and the `.` between names; anything beyond ASCII too. */
function isNamed(char: number): boolean {
  if (char === 0x2e || char === 0x5f || char > 0x7f) return true;
  return (char >= 0x30 && char <= 0x39) || (char >= 0x41 && char <= 0x5a) || (char >= 0x61 && char <= 0x7a);
}
