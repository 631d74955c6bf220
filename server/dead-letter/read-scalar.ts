import type { Json } from '../model/json.ts';

const WHOLE_NUMBER = /^-?\d{1,19}$/;
const LAST_INT64 = 2n ** 63n - 1n;

/** What came of a place where a value may stand: the value, nothing there, or something that is none. */
export type Scalar<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'none' | 'bad' };

export const NONE = { kind: 'none' } as const;
const BAD = { kind: 'bad' } as const;

/** How many bytes a number of a header has where it is not written in digits. */
export const WIDTHS = { int32: [4], int64: [8], bigInteger: [5, 6, 7, 8] } as const;

/**
 * A whole number of a header: digits, as most write it, or a big-endian two's complement, as Spring writes it. Eight bytes that
 * all are digits would be an offset beyond 3·10¹⁸: they are taken as digits.
 */
export function numberOfBytes(bytes: Buffer | null, widths: readonly number[]): Scalar<bigint> {
  if (bytes === null || bytes.length === 0) return NONE;
  if (bytes.length <= 20) {
    const text = bytes.toString('latin1').trim();
    if (WHOLE_NUMBER.test(text)) return inRange(BigInt(text));
  }
  if (!widths.includes(bytes.length)) return BAD;
  return { kind: 'value', value: BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`)) };
}

/** A whole number of a body: a number, or digits as text. */
export function numberOfJson(value: Json | undefined): Scalar<bigint> {
  if (value === undefined || value === null) return NONE;
  if (typeof value === 'bigint') return inRange(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { kind: 'value', value: BigInt(value) } : BAD;
  if (typeof value !== 'string') return BAD;
  const text = value.trim();
  if (text === '') return NONE;
  return WHOLE_NUMBER.test(text) ? inRange(BigInt(text)) : BAD;
}

function inRange(value: bigint): Scalar<bigint> {
  return value <= LAST_INT64 && value >= -LAST_INT64 ? { kind: 'value', value } : BAD;
}

/** Text of a header; null for an empty one. Bytes that are no UTF-8 show as replacement characters. */
export function textOfBytes(bytes: Buffer | null): string | null {
  // What is longer is cut anyway; a character in the middle of the cut is no loss.
  const text = bytes?.subarray(0, 8192).toString('utf8').trim();
  return text === undefined || text === '' ? null : text;
}
