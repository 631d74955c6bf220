import { isUtf8 } from 'node:buffer';

/** Longer header values are not read: no id, name or time is that long. */
const LONGEST_VALUE = 8192;
const LONGEST_HEX = 64;
const UUID_BYTES = 16;

/**
 * The bytes of a header from `start` to `end` as text: UTF-8; 16 bytes that are no plain text as a UUID (Spring writes
 * correlation ids so); other bytes in hexadecimal. Undefined for what is too long.
 */
export function headerText(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start > LONGEST_VALUE) return undefined;
  // Nearly all are plain ASCII, which needs neither a check nor a copy of the bytes.
  if (isPlain(bytes, start, end)) return bytes.toString('latin1', start, end);
  const value = bytes.subarray(start, end);
  if (value.length === UUID_BYTES) return uuidOf(value);
  if (isUtf8(value)) return value.toString('utf8');
  return value.length <= LONGEST_HEX ? value.toString('hex') : undefined;
}

function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let place = start; place < end; place += 1) {
    const byte = bytes[place] ?? 0;
    if (byte < 0x20 || byte > 0x7e) return false;
  }
  return true;
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
