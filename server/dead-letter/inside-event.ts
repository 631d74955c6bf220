import type { InsideEvent } from '../model/dead-letter.ts';
import { INSIDE_CORRELATION } from '../model/dead-letter-bodies.ts';
import { isJsonObject, type Json, ownValue } from '../model/json.ts';
import { bodyOf, valueAt } from './body-at.ts';

/** Longest text that is parsed for the event inside, in UTF-16 units. */
const LONGEST_TEXT = 4_000_000;
/** Keys of an object that a `*` is tried on. */
const MOST_KEYS = 200;

/**
 * The event inside a dead letter. Where its fields stand beside those of the failure, and where the body is of no known
 * form, the whole value is it. Null where there is no body.
 */
export function insideEvent(body: Json | undefined): InsideEvent | null {
  if (body === undefined || body === null) return null;
  const known = bodyOf(body);
  if (known === null || known.inside === null) {
    return { at: 'value', text: null, value: body, correlationId: correlationIn(body) };
  }
  const found = valueAt(body, known.inside);
  if (found === undefined || found === null) return null;
  const text = typeof found === 'string' ? found : null;
  const value = text === null ? found : parse(text);
  // In quarantine its id stands beside it, and what is inside may be a dead letter itself.
  const beside = known.family === 'quarantine' ? valueAt(body, '/original_correlation_id') : undefined;
  const correlationId = idOf(beside) ?? (value === undefined ? null : correlationIn(value));
  return { at: known.inside, text, value, correlationId };
}

function parse(text: string): Json | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Whatever it is, it is no JSON: that is an answer.
    return undefined;
  }
}

function correlationIn(value: Json): string | null {
  for (const pointer of INSIDE_CORRELATION) {
    for (const found of valuesAt(value, pointer.split('/').slice(1))) {
      const id = idOf(found);
      if (id !== null) return id;
    }
  }
  return null;
}

/** The values at a path in which `*_data` stands for any key that ends so. */
function valuesAt(value: Json | undefined, path: readonly string[]): readonly Json[] {
  if (value === undefined) return [];
  const [key, ...rest] = path;
  if (key === undefined) return [value];
  if (!isJsonObject(value)) return [];
  if (!key.startsWith('*')) return valuesAt(ownValue(value, key), rest);
  const keys = Object.keys(value).slice(0, MOST_KEYS);
  return keys.filter((each) => each.endsWith(key.slice(1))).flatMap((each) => valuesAt(ownValue(value, each), rest));
}

const NO_ID = new Set(['', 'null', 'none', 'unknown', 'undefined', 'n/a']);

function idOf(value: Json | undefined): string | null {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return NO_ID.has(text.toLowerCase()) ? null : text;
}
