import type { Json } from '../../model/json.ts';

const MOST_U64 = 0xffff_ffff_ffff_ffffn;

/** A decimal 64-bit id, as `x-datadog-trace-id` has it, as 16 hex digits. */
export function datadogId(value: Json): string | null {
  const text = typeof value === 'bigint' ? String(value) : value;
  if (typeof text !== 'string' || !/^\s*\d{1,20}\s*$/.test(text)) return null;
  const id = BigInt(text);
  return id > MOST_U64 ? null : id.toString(16).padStart(16, '0');
}

/**
 * When a record left its producer, in milliseconds since the epoch, by `dd-pathway-ctx-base64`: 8 bytes of a hash, then
 * the start of the pathway and the start of this edge as zigzag variable-length integers.
 */
export function datadogPathwayTime(text: string): number | null {
  if (text.length > 100) return null;
  const bytes = Buffer.from(text, 'base64');
  const start = varint(bytes, 8);
  const edge = start === null ? null : varint(bytes, start.end);
  return edge === null ? null : edge.value;
}

function varint(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | null {
  let encoded = 0n;
  for (let place = at; place < at + 10; place += 1) {
    const byte = bytes[place];
    if (byte === undefined) return null;
    encoded |= BigInt(byte & 0x7f) << BigInt((place - at) * 7);
    if (byte < 0x80) return { value: Number((encoded >> 1n) ^ -(encoded & 1n)), end: place + 1 };
  }
  return null;
}
