/**
 * The members of a JSON object or the items of a list, each as the text that it was written as: numbers keep every digit,
 * and what is repeated stays so. `text` must be JSON that `JSON.parse` accepts; anything but an object or a list has none.
 * `at` is where a text begins, in characters.
 */
export function splitJson(text: string): { readonly key: string | null; readonly text: string; readonly at: number }[] {
  const parts: { key: string | null; text: string; at: number }[] = [];
  const open = skipBlank(text, 0);
  const isObject = text[open] === '{';
  if (!isObject && text[open] !== '[') return parts;
  for (let at = skipBlank(text, open + 1); at < text.length && !CLOSING.has(text[at] ?? ''); ) {
    let key: string | null = null;
    if (isObject) {
      const end = endOfValue(text, at);
      key = JSON.parse(text.slice(at, end));
      at = skipBlank(text, skipBlank(text, end) + 1);
    }
    const end = endOfValue(text, at);
    parts.push({ key, text: text.slice(at, end), at });
    const next = skipBlank(text, end);
    at = text[next] === ',' ? skipBlank(text, next + 1) : next;
  }
  return parts;
}

const CLOSING = new Set(['}', ']']);
const BLANK = /[\ufeff \t\r\n]*/y;
const SCALAR = /[^\s,\]}]*/y;
/** Everything up to what opens, closes or begins a text. */
const PLAIN = /[^"[\]{}]*/y;

/** One past the value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfText(text, start);
  if (first !== '{' && first !== '[') return matchEnd(SCALAR, text, start);
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const char = text[at];
    if (char === '"') {
      at = matchEnd(PLAIN, text, endOfText(text, at));
      continue;
    }
    depth += char === '{' || char === '[' ? 1 : -1;
    if (depth === 0) return at + 1;
    at = matchEnd(PLAIN, text, at + 1);
  }
  return text.length;
}

/** One past the closing quote of the text that opens at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function skipBlank(text: string, at: number): number {
  return matchEnd(BLANK, text, at);
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
