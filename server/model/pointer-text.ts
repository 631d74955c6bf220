/**
 * One step of a pointer: the key of an object (or the place in an array), or the first own key with an ending, written
 * `*_data`.
 */
export type PointerSegment =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'ending'; readonly ending: string };

/** A way into a JSON value, from its root. Never empty. */
export type Pointer = readonly PointerSegment[];

const MOST_SEGMENTS = 16;

/** What came of reading a text: a value, or a sentence that says what is wrong with it. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function problem(sentence: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: sentence };
}

/**
 * Reads a JSON pointer (RFC 6901), such as `/payload/correlation_id`. Beside `~0` for `~` and `~1` for `/`, `~2` stands
 * for a `*` that a key begins with and `~3` for a space, since spaces part the words of a rule.
 */
export function parsePointer(text: string): Parsed<Pointer> {
  if (!text.startsWith('/')) return problem(`A pointer begins with “/”, which ${quoted(text)} does not.`);
  const parts = text.slice(1).split('/');
  if (parts.length > MOST_SEGMENTS) return problem(`A pointer has at most ${MOST_SEGMENTS} segments.`);
  if (parts.some((part) => /~(?![0-3])/.test(part)))
    return problem(`${quoted(text)} has a “~” that stands for nothing.`);
  if (/\s/.test(text)) return problem(`${quoted(text)} has white space; a space in a key is written “~3”.`);
  if (parts.includes('*')) return problem('A “*” needs an ending after it, as in “*_data”.');
  return parsed(
    parts.map((part) =>
      part.startsWith('*')
        ? { kind: 'ending', ending: unescaped(part.slice(1)) }
        : { kind: 'key', key: unescaped(part) },
    ),
  );
}

/** The text that `parsePointer` reads as this pointer. */
export function printPointer(pointer: Pointer): string {
  return pointer
    .map((segment) => `/${segment.kind === 'key' ? printKey(segment.key) : `*${escaped(segment.ending)}`}`)
    .join('');
}

/** A text in quotation marks for a sentence, cut where it is long. */
export function quoted(text: string): string {
  return `“${text.length > 60 ? `${text.slice(0, 60)}…` : text}”`;
}

/** A key as `parsePointer` reads it, without the `/` before it. */
export function printKey(key: string): string {
  return key.startsWith('*') ? `~2${escaped(key.slice(1))}` : escaped(key);
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll(' ', '~3');
}

const ESCAPES: Readonly<Record<string, string>> = { '~0': '~', '~1': '/', '~2': '*', '~3': ' ' };

function unescaped(part: string): string {
  return part.replace(/~[0-3]/g, (pair) => ESCAPES[pair] ?? pair);
}
