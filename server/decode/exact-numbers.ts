import { isUtf8 } from 'node:buffer';
import { isJsonObject, type Json } from '../model/json.ts';
import { type Draft, setOwn } from './own-field.ts';
import { parseJsonText } from './parse-json.ts';

/** How deep JSON may lie to be read exactly: the walk over it recurses. */
const MAX_DEPTH = 1000;
/** Digits of an integer: turning them into one takes the square of their number. Longer ones stay rounded. */
const MAX_DIGITS = 1000;

/**
 * JSON read once more, with integers beyond 2^53 as `bigint` in place of rounded numbers; all else is as `JSON.parse`
 * answers. Undefined when the bytes are no JSON or lie too deep. For the few records whose ids are such numbers: it takes
 * several times as long.
 */
export function decodeExactly(value: Buffer): Json | undefined {
  if (!isUtf8(value)) return undefined;
  const text = value.toString('utf8');
  const mark = freeMark(text);
  const parsed = mark === null ? undefined : parseJsonText(markIntegers(text, mark));
  return mark === null || parsed === undefined ? undefined : unmark(parsed, mark, 0);
}

/** A character that no text in the JSON has, written out or escaped; null when somebody took all that we try. */
function freeMark(text: string): string | null {
  for (let code = 0xe000; code < 0xe010; code += 1) {
    const mark = String.fromCharCode(code);
    if (!text.includes(mark) && !new RegExp(`\\\\u${code.toString(16)}`, 'i').test(text)) return mark;
  }
  return null;
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /^-?\d+$/;

/** The JSON with every integer beyond 2^53 as a marked text. */
function markIntegers(text: string, mark: string): string {
  const parts: string[] = [];
  let copied = 0;
  for (let at = 0; at < text.length; ) {
    const char = text.charCodeAt(at);
    if (char === 0x22) {
      at = endOfText(text, at);
      continue;
    }
    NUMBER.lastIndex = at;
    const number = char === 0x2d || (char >= 0x30 && char <= 0x39) ? NUMBER.exec(text)?.[0] : undefined;
    if (number !== undefined && isLarge(number)) {
      parts.push(text.slice(copied, at), `"${mark}${number}"`);
      copied = at + number.length;
    }
    at += number?.length ?? 1;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(copied);
}

/** One past the closing quote of the text that opens at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === 0x22) return at + 1;
    if (char === 0x5c) at += 1;
  }
  return text.length;
}

/** A number that begins with a needless 0 is no JSON: it stays, so that it is still refused. */
function isLarge(number: string): boolean {
  if (number.length < 16 || number.length > MAX_DIGITS || /^-?0/.test(number)) return false;
  return INTEGER.test(number) && !Number.isSafeInteger(Number(number));
}

function unmark(value: Json, mark: string, depth: number): Json | undefined {
  if (typeof value === 'string') return value.startsWith(mark) ? BigInt(value.slice(1)) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return undefined;
  if (!isJsonObject(value)) return unmarkList(value, mark, depth);
  const object: Draft = {};
  for (const [key, child] of Object.entries(value)) {
    const exact = unmark(child, mark, depth + 1);
    if (exact === undefined) return undefined;
    setOwn(object, key, exact);
  }
  return object;
}

function unmarkList(list: readonly Json[], mark: string, depth: number): Json | undefined {
  const exact: Json[] = [];
  for (const item of list) {
    const one = unmark(item, mark, depth + 1);
    if (one === undefined) return undefined;
    exact.push(one);
  }
  return exact;
}
