import { isUtf8 } from 'node:buffer';
import type { Json } from '../model/json.ts';

/** UTF-8 bytes as JSON, a byte order mark skipped; undefined when they are not, which no JSON text parses to. */
export function parseJsonBytes(bytes: Buffer): Json | undefined {
  return isUtf8(bytes) ? parseJsonText(bytes.toString('utf8')) : undefined;
}

/**
 * The same for text. V8 parses nested values without recursion, so a depth bomb is only as large as its bytes.
 */
export function parseJsonText(text: string): Json | undefined {
  try {
    const parsed: Json = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    return parsed;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
