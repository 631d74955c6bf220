import { isUtf8 } from 'node:buffer';
import type { Decoded } from '../model/decoded.ts';
import type { Json } from '../model/json.ts';
import type { Reason } from '../model/reason.ts';

/** Values beyond this are kept raw: parsing one would hold the tap for seconds. Kafka's own limit is 1 MB by default. */
export const MAX_DECODED_BYTES = 24 * 1024 * 1024;

/**
 * Decodes a record value as JSON. Never throws: anything else comes back with a typed reason. V8 parses nested values
 * without recursion, so a depth bomb is only as large as its bytes.
 */
export function decodeValue(value: Buffer | null): Decoded {
  if (value === null) return unreadable('no value');
  if (value.length === 0) return unreadable('empty value');
  if (value.length > MAX_DECODED_BYTES) return unreadable('too large to decode');
  if (!isUtf8(value)) return unreadable('invalid utf-8');
  const parsed = parseJson(value.toString('utf8'));
  return parsed === undefined
    ? unreadable('not json')
    : { kind: 'value', format: 'json', value: parsed, schemaId: null };
}

function unreadable(reason: Reason): Decoded {
  return { kind: 'unreadable', reason, schemaId: null };
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
