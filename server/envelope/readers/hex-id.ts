import type { Json } from '../../model/json.ts';

const HEX = /^[0-9a-f]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ZEROS = /^0*$/;

/** A trace id as 32 hex digits in lower case: from 16 or 32 digits, or a UUID. Null for anything else, and for zeros. */
export function readTraceId(value: Json): string | null {
  const digits = hexDigits(value);
  if (digits === null || (digits.length !== 16 && digits.length !== 32)) return null;
  return digits.padStart(32, '0');
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

function hexDigits(value: Json): string | null {
  if (typeof value !== 'string' || value.length > 40) return null;
  const low = value.trim().toLowerCase();
  const digits = UUID.test(low) ? low.replaceAll('-', '') : low;
  return HEX.test(digits) && !ZEROS.test(digits) ? digits : null;
}
