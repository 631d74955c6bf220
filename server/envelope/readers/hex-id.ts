import type { Json } from '../../model/json.ts';

const HEX = /^[0-9a-f]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ZEROS = /^0*$/;

/** A trace id as 32 hex digits in lower case: from 16 or 32 digits, or a UUID. Null for anything else, and for zeros. */
export function readTraceId(value: Json): string | null {
  const digits = hexDigits(value);
  if (digits === null || (digits.length !== 16 && digits.length !== 32)) return null;
  return digits.length === 32 ? digits : digits.padStart(32, '0');
}

/** A span id as 16 hex digits in lower case; of a UUID (a span id of the OmniNode core) its last half. */
export function readSpanId(value: Json): string | null {
  const digits = hexDigits(value);
  if (digits === null) return null;
  if (digits.length === 16) return digits;
  const half = digits.length === 32 ? digits.slice(16) : null;
  return half === null || ZEROS.test(half) ? null : half;
}

/** Up to `length` hex digits, with zeros in front to make it that many, as Jaeger and B3 may leave them out. */
export function padHex(digits: string | undefined, length: number): string | null {
  const low = digits?.toLowerCase() ?? '';
  return low.length > 0 && low.length <= length && HEX.test(low) ? low.padStart(length, '0') : null;
}

/** The hex digits of an id in lower case, a UUID's without its dashes; null for anything else, and for zeros. */
function hexDigits(value: Json): string | null {
  if (typeof value !== 'string' || value.length > 40) return null;
  const text = value.length === 36 ? withoutDashes(value) : value;
  let capitals = false;
  let zeros = true;
  for (let place = 0; place < text.length; place += 1) {
    const code = text.charCodeAt(place);
    if (code !== 0x30) zeros = false;
    if (code >= 0x41 && code <= 0x46) capitals = true;
    else if (!((code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66))) return null;
  }
  if (zeros) return null;
  return capitals ? text.toLowerCase() : text;
}

function withoutDashes(text: string): string {
  return UUID.test(text) ? text.replaceAll('-', '') : text;
}
