import { isUtf8 } from 'node:buffer';

/** Longer header values are not read: no id, name or time is that long. */
const LONGEST_VALUE = 8192;
const LONGEST_HEX = 64;

/**
 * A header's bytes as text: UTF-8; 16 bytes that are no plain text as a UUID (Spring writes correlation ids so); other
 * bytes in hexadecimal. Undefined for what is too long.
 */
export function headerText(bytes: Buffer): string | undefined {
  if (bytes.length > LONGEST_VALUE) return undefined;
  if (bytes.length === 16 && bytes.some((byte) => byte < 0x20 || byte > 0x7e)) return uuidOf(bytes);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes.length <= LONGEST_HEX ? bytes.toString('hex') : undefined;
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
