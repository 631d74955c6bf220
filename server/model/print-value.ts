import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** A value as JSON text, cut where it got too long. */
export interface PrintedValue {
  readonly text: string;
  readonly truncated: boolean;
}

/**
 * Prints a decoded value as JSON text: a `bigint` as its digits, whatever its size. Stops near `limit` characters, so
 * that a small record that names one long symbol a thousand times costs no more than any other; what is cut off is no
 * whole JSON any more.
 */
export function printValue(value: Json, limit: number): PrintedValue {
  const printer = new Printer(limit);
  printer.print(value);
  const text = printer.parts.join('');
  return { text: text.slice(0, limit), truncated: printer.full || text.length > limit };
}

/** How deep values are printed; what lies deeper shows as `…`. */
const MAX_DEPTH = 500;

class Printer {
  readonly parts: string[] = [];
  #left: number;
  #depth = 0;

  constructor(limit: number) {
    this.#left = limit;
  }

  get full(): boolean {
    return this.#left < 0;
  }

  print(value: Json): void {
    if (this.full) return;
    if (typeof value === 'bigint') this.#put(value.toString());
    else if (typeof value === 'object' && value !== null) this.#nested(value);
    // A text of the whole record's length may lie under every key of a map: only what is shown is quoted.
    else this.#put(JSON.stringify(typeof value === 'string' ? value.slice(0, this.#left + 1) : value));
  }

  #nested(value: JsonObject | readonly Json[]): void {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#put('"…"');
    else if (isJsonObject(value)) this.#object(value);
    else this.#list(value);
    this.#depth -= 1;
  }

  #object(object: JsonObject): void {
    let before = '{';
    for (const key of Object.keys(object)) {
      if (this.full) return;
      this.#put(`${before}${JSON.stringify(key.slice(0, this.#left + 1))}:`);
      this.print(object[key] ?? null);
      before = ',';
    }
    this.#put(before === '{' ? '{}' : '}');
  }

  #list(list: readonly Json[]): void {
    let before = '[';
    for (const item of list) {
      if (this.full) return;
      this.#put(before);
      this.print(item);
      before = ',';
    }
    this.#put(before === '[' ? '[]' : ']');
  }

  #put(text: string): void {
    this.#left -= text.length;
    this.parts.push(text);
  }
}
