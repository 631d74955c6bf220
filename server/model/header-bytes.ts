import type { RecordHeader } from './record.ts';

/** Bytes that are no header list: they end early, go on, or name an impossible length. */
export class MalformedHeadersError extends Error {
  readonly code = 'malformed_headers';
}

/**
 * Headers in the form of Kafka's record format 2: their count, then per header name and value behind their lengths, all
 * as zigzag variable-length integers, −1 for a value that is null. They travel and are stored in this form and are taken
 * apart only where somebody asks: 14 headers are 28 objects, and most envelopes say everything in the body.
 */
export function encodeHeaders(headers: readonly RecordHeader[]): Buffer {
  const size = headers.reduce(
    (sum, { name, value }) => sum + MOST_VARINT_BYTES * 2 + name.length + (value?.length ?? 0),
    MOST_VARINT_BYTES,
  );
  const bytes = Buffer.allocUnsafe(size);
  let at = writeVarint(bytes, 0, headers.length);
  for (const { name, value } of headers) {
    at = writeVarint(bytes, at, name.length);
    at += name.copy(bytes, at);
    at = writeVarint(bytes, at, value === null ? -1 : value.length);
    if (value !== null) at += value.copy(bytes, at);
  }
  return bytes.subarray(0, at);
}

/** What `encodeHeaders` wrote, names and values as slices of the same memory. Throws `MalformedHeadersError`. */
export function decodeHeaders(bytes: Buffer): RecordHeader[] {
  const reader = new HeaderReader(bytes, 0, bytes.length);
  const headers: RecordHeader[] = [];
  for (let left = reader.count(); left > 0; left -= 1) headers.push({ name: reader.name(), value: reader.value() });
  if (reader.at !== bytes.length) throw new MalformedHeadersError('headers have bytes left over');
  return headers;
}

/** Where the header list that begins at `start` ends; looks at every length, makes nothing. Throws `MalformedHeadersError`. */
export function endOfHeaders(bytes: Buffer, start: number, end: number): number {
  const reader = new HeaderReader(bytes, start, end);
  for (let left = reader.count(); left > 0; left -= 1) {
    reader.skip();
    reader.skip();
  }
  return reader.at;
}

const MOST_VARINT_BYTES = 5;

class HeaderReader {
  at: number;
  readonly #bytes: Buffer;
  readonly #end: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.at = start;
    this.#end = end;
  }

  /** Every header takes two bytes at least, so a count beyond that is a lie. */
  count(): number {
    const count = this.#varint();
    if (count < 0 || count * 2 > this.#end - this.at)
      throw new MalformedHeadersError(`a record claims ${count} headers`);
    return count;
  }

  name(): Buffer {
    return this.value() ?? Buffer.alloc(0);
  }

  value(): Buffer | null {
    const length = this.#varint();
    if (length < 0) return null;
    const start = this.at;
    this.#step(length);
    return this.#bytes.subarray(start, this.at);
  }

  skip(): void {
    const length = this.#varint();
    if (length > 0) this.#step(length);
  }

  #step(length: number): void {
    if (this.at + length > this.#end) throw new MalformedHeadersError('headers end early');
    this.at += length;
  }

  #varint(): number {
    let encoded = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.at];
      if (byte === undefined || this.at >= this.#end) throw new MalformedHeadersError('headers end early');
      this.at += 1;
      // Four bytes are 28 bits; the fifth may pass the 31 that a shift keeps positive.
      encoded += shift < 28 ? (byte & 0x7f) << shift : (byte & 0x7f) * 0x10000000;
      if (byte < 0x80) return encoded % 2 === 0 ? encoded / 2 : -(encoded + 1) / 2;
    }
    throw new MalformedHeadersError('a variable-length integer has more than five bytes');
  }
}

function writeVarint(bytes: Buffer, start: number, value: number): number {
  let left = value < 0 ? -value * 2 - 1 : value * 2;
  let at = start;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes[at++] = (left % 0x80) + 0x80;
  bytes[at++] = left;
  return at;
}
