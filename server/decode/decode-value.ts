import { isUtf8 } from 'node:buffer';
import type { Decoded } from '../model/decoded.ts';
import type { Json } from '../model/json.ts';

/** Values beyond this are kept raw: parsing one would hold the tap for seconds. Kafka's own limit is 1 MB by default. */
export const MAX_DECODED_BYTES = 24 * 1024 * 1024;

/**
 * Decodes a record value as JSON. Never throws: anything else comes back with a typed reason. V8 parses nested values
 * without recursion, so a depth bomb is only as large as its bytes.
 */
export function decodeValue(value: Buffer | null): Decoded {
  if (value === null) return { kind: 'unreadable', reason: 'no value' };
  if (value.length === 0) return { kind: 'unreadable', reason: 'empty value' };
  if (value.length > MAX_DECODED_BYTES) return { kind: 'unreadable', reason: 'too large to decode' };
  if (!isUtf8(value)) return { kind: 'unreadable', reason: 'invalid utf-8' };
  const parsed = parseJson(value.toString('utf8'));
  return parsed === undefined ? { kind: 'unreadable', reason: 'not json' } : { kind: 'json', value: parsed };
}

/** `JSON.parse` with its SyntaxError as undefined, which no JSON text parses to. A leading BOM is skipped. */
function parseJson(text: string): Json | undefined {
  try {
    const parsed: Json = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return parsed;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
