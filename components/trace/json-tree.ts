/** JSON as it was written: numbers and the escapes of strings as text, repeated keys kept, order kept. */
export type JsonNode =
  | { readonly kind: 'object'; readonly entries: readonly { readonly key: string; readonly value: JsonNode }[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  /** Without its quotation marks. */
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number' | 'literal'; readonly text: string };

export type JsonTree =
  | { readonly kind: 'tree'; readonly root: JsonNode }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Deepest nesting and most values that are drawn as a tree; beyond it the text is shown raw. */
export const TREE_DEPTH = 200;
const TREE_NODES = 50_000;

const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids bare control characters in strings.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

class Unreadable extends Error {}

/**
 * Reads JSON text without turning numbers into floats or escapes into characters, so that 64-bit integers, repeated
 * keys and `\n` stay as written.
 */
export function parseJsonTree(text: string): JsonTree {
  try {
    return { kind: 'tree', root: new Reader(text).document() };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', reason: error.message };
    throw error;
  }
}

class Reader {
  private readonly text: string;
  private at = 0;
  private nodes = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): JsonNode {
    const root = this.value(0);
    this.match(SPACE);
    if (this.at < this.text.length) throw new Unreadable(`text goes on after the value, at character ${this.at + 1}`);
    return root;
  }

  private value(depth: number): JsonNode {
    if (depth > TREE_DEPTH) throw new Unreadable(`nested deeper than ${TREE_DEPTH}`);
    this.nodes += 1;
    if (this.nodes > TREE_NODES) throw new Unreadable(`more than ${TREE_NODES} values`);
    this.match(SPACE);
    if (this.take('{')) return { kind: 'object', entries: this.list('}', () => this.entry(depth)) };
    if (this.take('[')) return { kind: 'array', items: this.list(']', () => this.value(depth + 1)) };
    const string = this.match(STRING);
    if (string !== null) return { kind: 'string', text: string.slice(1, -1) };
    const number = this.match(NUMBER);
    if (number !== null) return { kind: 'number', text: number };
    const literal = this.match(LITERAL);
    if (literal !== null) return { kind: 'literal', text: literal };
    throw this.unexpected();
  }

  private entry(depth: number): { key: string; value: JsonNode } {
    this.match(SPACE);
    const key = this.match(STRING);
    if (key === null) throw this.unexpected();
    this.match(SPACE);
    if (!this.take(':')) throw this.unexpected();
    return { key: key.slice(1, -1), value: this.value(depth + 1) };
  }

  private list<T>(end: string, one: () => T): T[] {
    const list: T[] = [];
    this.match(SPACE);
    if (this.take(end)) return list;
    for (;;) {
      list.push(one());
      this.match(SPACE);
      if (this.take(end)) return list;
      if (!this.take(',')) throw this.unexpected();
    }
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.at += found.length;
    return found;
  }

  private unexpected(): Unreadable {
    return new Unreadable(this.at >= this.text.length ? 'the text ends early' : `not JSON at character ${this.at + 1}`);
  }
}
