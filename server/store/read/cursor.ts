import { BadCursorError } from '../../ports/reads.ts';
import { isStorable } from '../sql-time.ts';

const CURSOR_LIMIT = 2048;

/** Writes a place in a list as an opaque text: base64url of a JSON array of texts. */
export function writeCursor(list: string, place: readonly string[]): string {
  return Buffer.from(JSON.stringify([list, ...place])).toString('base64url');
}

/** What a text of a cursor has to be: a pattern, or what tells it like one. */
export type CursorPart = Pick<RegExp, 'test'>;

/**
 * Reads what `writeCursor` wrote for the same list. `shape` has one pattern per text; anything else is a
 * `BadCursorError`.
 */
export function readCursor(list: string, cursor: string, shape: readonly CursorPart[]): readonly string[] {
  const parts = cursor.length <= CURSOR_LIMIT ? parse(cursor) : null;
  const wellFormed =
    Array.isArray(parts) &&
    parts.length === shape.length + 1 &&
    parts[0] === list &&
    shape.every((pattern, index) => typeof parts[index + 1] === 'string' && pattern.test(parts[index + 1]));
  if (!wellFormed) throw new BadCursorError('this cursor was not made by this list');
  return parts.slice(1);
}

export const CURSOR_MICROS: CursorPart = { test: (text) => /^-?\d{1,19}$/.test(text) && isStorable(BigInt(text)) };
export const CURSOR_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const CURSOR_INT = /^\d{1,9}$/;
export const CURSOR_OFFSET = /^\d{1,18}$/;
export const CURSOR_TOPIC = /^[^\0]{0,249}$/;

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
