/**
 * True when the object that is the whole of a JSON text has this key more than once; `quoted` is the key as it stands
 * there, with its quotation marks. `JSON.parse` takes the last of them without a word. Keys that are written with escapes
 * are not noticed. Call it for text that has been parsed: what is no JSON has no answer.
 */
export function hasRepeatedKey(value: Buffer, quoted: Buffer): boolean {
  const first = value.indexOf(quoted);
  // Nearly always there is one, or the others stand in objects further inside.
  if (first === -1 || value.indexOf(quoted, first + 1) === -1) return false;
  return countAtTop(value, quoted) > 1;
}

const QUOTE = 0x22;
const ESCAPE = 0x5c;
const COLON = 0x3a;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);

/** How often the key stands in the outermost object; goes through the text once. */
function countAtTop(value: Buffer, quoted: Buffer): number {
  let depth = 0;
  let count = 0;
  for (let at = 0; at < value.length; at += 1) {
    const byte = value[at] ?? 0;
    if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    else if (byte === QUOTE) {
      const end = endOfText(value, at);
      if (depth === 1 && isKey(value, end) && value.subarray(at, end).equals(quoted)) count += 1;
      at = end - 1;
    }
  }
  return count;
}

/** One past the closing quotation mark. */
function endOfText(value: Buffer, start: number): number {
  for (let at = start + 1; at < value.length; at += 1) {
    if (value[at] === ESCAPE) at += 1;
    else if (value[at] === QUOTE) return at + 1;
  }
  return value.length;
}

/** A text is a key when a colon follows. */
function isKey(value: Buffer, end: number): boolean {
  let at = end;
  while (at < value.length && (value[at] ?? 0) <= 0x20) at += 1;
  return value[at] === COLON;
}
