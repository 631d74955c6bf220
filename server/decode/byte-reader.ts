import { isUtf8 } from 'node:buffer';
import { MismatchError } from './mismatch.ts';

/** Values made per byte read: an Avro array of nulls has none, so a dozen bytes could otherwise name 2^31 of them. */
const VALUES_PER_BYTE = 16;
const FREE_VALUES = 4096;
/** Most values of one record, whatever its size: beyond that a decoded record takes longer than its stay is worth. */
export const MAX_VALUES = 1_000_000;
/** How deep values may lie in each other. */
const MAX_VALUE_DEPTH = 200;

/** Bytes read from the front, with a budget of the values made of them. Throws `MismatchError` where they end early. */
export class ByteReader {
  at = 0;
  #depth = 0;
  #values: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#values = Math.min(MAX_VALUES, FREE_VALUES + bytes.length * VALUES_PER_BYTE);
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /** Counts one value. Every reader calls it before it makes one; a value that grows beyond its bytes is several. */
  value(weight = 1): void {
    this.#values -= weight;
    if (this.#values < 0) throw new MismatchError('more values than such bytes can mean');
  }

  /** Reads something that may hold others of its kind. */
  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_VALUE_DEPTH) throw new MismatchError('values lie too deep in each other');
    const value = read();
    this.#depth -= 1;
    return value;
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new MismatchError('the bytes end early');
    this.at += 1;
    return byte;
  }

  take(length: number | bigint): Buffer {
    if (length < 0 || length > this.left) throw new MismatchError('the bytes end early');
    const start = this.at;
    this.at += Number(length);
    return this.#bytes.subarray(start, this.at);
  }

  text(length: number | bigint): string {
    const bytes = this.take(length);
    if (!isUtf8(bytes)) throw new MismatchError('a text is not UTF-8');
    return bytes.toString('utf8');
  }

  /** An unsigned variable-length integer of at most 64 bits, its lowest seven bits first; a number below 2^49. */
  varint(): number | bigint {
    let value = 0;
    for (let factor = 1; factor < 2 ** 49; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    return this.#longVarint(BigInt(value));
  }

  #longVarint(start: bigint): bigint {
    let value = start;
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MismatchError('a variable-length integer has more than ten bytes');
  }

  /** The same where signs alternate: 0, −1, 1, −2 … */
  zigzag(): number | bigint {
    const raw = this.varint();
    if (typeof raw === 'number') return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
    return toExact(raw & 1n ? -(raw >> 1n) - 1n : raw >> 1n);
  }
}

/** An integer as a number where that is exact, else as it is. */
export function toExact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** NaN and the infinities have no place in JSON: they become texts. */
export function toFinite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
