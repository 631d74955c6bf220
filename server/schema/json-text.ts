import type { Json } from '../model/json.ts';
import { pointerKeys } from '../model/json-pointer.ts';

/** JSON text, read with the places of its members. */
export type JsonText =
  | { readonly kind: 'json'; readonly value: Json; readonly lineOf: (pointer: string) => number }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string };

/** How deep lists and objects may lie in each other. */
const MAX_JSON_DEPTH = 64;
/** Digits of an integer that is kept exactly: making one of them takes the square of their number. */
const MAX_DIGITS = 1_000;

/**
 * Reads JSON text (RFC 8259) as `JSON.parse` does, with three differences: what is wrong is named by its line, integers
 * beyond 2^53 are kept as `bigint`, and the line of every member is known afterwards. `lineOf` takes a JSON pointer and
 * answers the line (from 1) of the last step of it that is there. Never throws. The caller bounds the length of the text.
 */
export function readJsonText(text: string): JsonText {
  const reader = new Reader(text);
  try {
    const value = reader.whole();
    return { kind: 'json', value, lineOf: (pointer) => lineAt(text, reader.placeOf(value, pointer)) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { kind: 'broken', line: lineAt(text, error.at), reason: error.message };
  }
}

/** Thrown and caught in this file alone. */
class Unreadable extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

type Places = Map<string, number>;

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const BLANK = /[ \t\n\r]*/y;
const WORDS: readonly [string, Json][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class Reader {
  readonly #text: string;
  readonly #places = new WeakMap<object, Places>();
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    const value = this.#value();
    this.#blank();
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the file');
    return value;
  }

  /** Where the last step of a pointer that is there begins. */
  placeOf(root: Json, pointer: string): number {
    let at = 0;
    let value = root;
    for (const key of pointerKeys(pointer)) {
      const place = typeof value === 'object' && value !== null ? this.#places.get(value)?.get(key) : undefined;
      if (place === undefined) break;
      at = place;
      value = (value as { readonly [key: string]: Json })[key] ?? null;
    }
    return at;
  }

  #value(): Json {
    this.#blank();
    const char = this.#text[this.#at];
    if (char === '{') return this.#nested(() => this.#object());
    if (char === '[') return this.#nested(() => this.#list());
    if (char === '"') return this.#string();
    NUMBER.lastIndex = this.#at;
    const number = NUMBER.exec(this.#text);
    if (number !== null) {
      this.#at += number[0].length;
      return numberOf(number[0], number[1] === undefined && number[2] === undefined);
    }
    for (const [word, value] of WORDS) if (this.#skip(word)) return value;
    throw this.#unexpected('a value');
  }

  #nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_JSON_DEPTH) {
      throw new Unreadable(this.#at, `lists and objects lie deeper than ${MAX_JSON_DEPTH} in each other`);
    }
    this.#at += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #object(): Json {
    const object: { [key: string]: Json } = {};
    const places: Places = new Map();
    this.#places.set(object, places);
    if (this.#closes('}')) return object;
    for (;;) {
      this.#blank();
      const at = this.#at;
      if (this.#text[at] !== '"') throw this.#unexpected('a key in quotation marks');
      const key = this.#string();
      this.#blank();
      if (!this.#skip(':')) throw this.#unexpected('a colon');
      // A plain assignment would set the prototype where the key is `__proto__`.
      Object.defineProperty(object, key, {
        value: this.#value(),
        writable: true,
        enumerable: true,
        configurable: true,
      });
      places.set(key, at);
      if (this.#closes('}')) return object;
      if (!this.#skip(',')) throw this.#unexpected('a comma or “}”');
    }
  }

  #list(): Json {
    const list: Json[] = [];
    const places: Places = new Map();
    this.#places.set(list, places);
    if (this.#closes(']')) return list;
    for (;;) {
      this.#blank();
      places.set(String(list.length), this.#at);
      list.push(this.#value());
      if (this.#closes(']')) return list;
      if (!this.#skip(',')) throw this.#unexpected('a comma or “]”');
    }
  }

  #string(): string {
    const start = this.#at;
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x5c) at += 1;
      else if (code < 0x20) throw new Unreadable(at, 'a text in quotation marks goes on over the end of its line');
      else if (code === 0x22) {
        this.#at = at + 1;
        return this.#unescaped(start, at + 1);
      }
    }
    throw new Unreadable(start, 'a quotation mark is never closed');
  }

  #unescaped(start: number, end: number): string {
    try {
      return JSON.parse(this.#text.slice(start, end));
    } catch (error) {
      if (error instanceof SyntaxError) throw new Unreadable(start, 'a text has a “\\” that stands for nothing');
      throw error;
    }
  }

  #closes(mark: string): boolean {
    this.#blank();
    return this.#skip(mark);
  }

  #skip(mark: string): boolean {
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #blank(): void {
    BLANK.lastIndex = this.#at;
    this.#at += BLANK.exec(this.#text)?.[0].length ?? 0;
  }

  #unexpected(wanted: string): Unreadable {
    const found = this.#text.codePointAt(this.#at);
    const shown = found === undefined ? 'the end of the file' : `“${String.fromCodePoint(found)}”`;
    return new Unreadable(this.#at, `${shown} stands where ${wanted} was expected`);
  }
}

function numberOf(text: string, isInteger: boolean): number | bigint {
  const number = Number(text);
  return isInteger && text.length <= MAX_DIGITS && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

/** The line of a place, from 1. */
function lineAt(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) line += 1;
  return line;
}
