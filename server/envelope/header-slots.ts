import type { RawRecord, RecordHeader } from '../model/record.ts';
import { headerText } from './readers/header-text.ts';

/** The headers of a record: taken apart, or as the one piece they came in. */
export type HasHeaders = Pick<RawRecord, 'headers' | 'headerBytes'>;

/** Headers beyond this many are not looked at. */
export const MOST_HEADERS = 10_000;

interface KnownName {
  readonly slot: number;
  /** In lower case. */
  readonly bytes: Buffer;
}

const ABSENT = -2;
const NULL = -1;
const NO_BYTES: Buffer = Buffer.alloc(0);

/**
 * The headers that rules ask for, of one record at a time: one pass over its headers, without making a string or an
 * object of any. Of a name that comes twice the first counts.
 */
export class HeaderSlots {
  /** How many headers the last record had, as far as they were looked at. */
  seen = 0;
  readonly #names = new Map<string, number>();
  readonly #known = new Map<number, KnownName[]>();
  readonly #prefixes: Buffer[] = [];
  /** 1 for every first character that a prefix has, without its case: few names go further. */
  readonly #prefixStarts = new Uint8Array(256);
  readonly #found: boolean[] = [];
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];
  readonly #differing: boolean[] = [];
  readonly #filled: number[] = [];
  #fillings = 0;
  #bytes = NO_BYTES;
  #at = 0;
  #headers: readonly RecordHeader[] | null = null;

  /** The place of a header's name, in any case; made when it is new. */
  slotOf(name: string): number {
    const low = name.toLowerCase();
    const known = this.#names.get(low);
    if (known !== undefined) return known;
    const slot = this.#starts.push(ABSENT) - 1;
    this.#lengths.push(0);
    this.#differing.push(false);
    this.#names.set(low, slot);
    const bytes = Buffer.from(low);
    const sign = signOf(bytes, 0, bytes.length);
    this.#known.set(sign, [...(this.#known.get(sign) ?? []), { slot, bytes }]);
    return slot;
  }

  /** The place of a beginning of names, for `startsWith`. */
  prefixOf(prefix: string): number {
    const bytes = Buffer.from(prefix.toLowerCase());
    const known = this.#prefixes.findIndex((one) => one.equals(bytes));
    if (known >= 0) return known;
    this.#found.push(false);
    this.#prefixStarts[(bytes[0] ?? 0) | CASE] = 1;
    return this.#prefixes.push(bytes) - 1;
  }

  load(record: HasHeaders): void {
    this.#clear();
    if (record.headerBytes !== undefined) this.#readBytes(record.headerBytes);
    else this.#readHeaders(record.headers);
  }

  has(slot: number): boolean {
    return this.#starts[slot] !== ABSENT;
  }

  /** The value of the first header of that name; null where it is absent or has none. */
  value(slot: number): Buffer | null {
    const start = this.#starts[slot] ?? ABSENT;
    if (start < 0) return null;
    return this.#headers === null
      ? this.#bytes.subarray(start, start + (this.#lengths[slot] ?? 0))
      : (this.#headers[start]?.value ?? null);
  }

  /** The same value as a text (`headerText`); undefined where it is absent, has none, or is too long. */
  text(slot: number): string | undefined {
    const start = this.#starts[slot] ?? ABSENT;
    if (start < 0) return undefined;
    const header = this.#headers?.[start];
    if (header === undefined) return headerText(this.#bytes, start, start + (this.#lengths[slot] ?? 0));
    return header.value === null ? undefined : headerText(header.value, 0, header.value.length);
  }

  /** True when the header came again with another value. */
  differs(slot: number): boolean {
    return this.#differing[slot] === true;
  }

  startsWith(prefix: number): boolean {
    return this.#found[prefix] === true;
  }

  hasOne(slots: readonly number[]): boolean {
    for (let place = 0; place < slots.length; place += 1) if (this.has(slots[place] ?? 0)) return true;
    return false;
  }

  startsWithOne(prefixes: readonly number[]): boolean {
    for (let place = 0; place < prefixes.length; place += 1) if (this.startsWith(prefixes[place] ?? 0)) return true;
    return false;
  }

  #clear(): void {
    for (let place = 0; place < this.#fillings; place += 1) {
      const slot = this.#filled[place] ?? 0;
      this.#starts[slot] = ABSENT;
      this.#differing[slot] = false;
    }
    this.#fillings = 0;
    if (this.seen > 0) this.#found.fill(false);
    this.seen = 0;
    this.#bytes = NO_BYTES;
    this.#headers = null;
  }

  /** Headers in the form of Kafka's record format 2 (`encodeHeaders`); what is malformed ends the pass. */
  #readBytes(bytes: Buffer): void {
    if (bytes.length < 2) return;
    this.#bytes = bytes;
    this.#at = 0;
    const count = Math.min(this.#varint(bytes), MOST_HEADERS);
    for (; this.seen < count; this.seen += 1) {
      const nameLength = this.#varint(bytes);
      const nameStart = this.#at;
      this.#at += Math.max(nameLength, 0);
      if (this.#at >= bytes.length) return;
      const valueLength = this.#varint(bytes);
      const start = this.#at;
      this.#at += Math.max(valueLength, 0);
      if (this.#at > bytes.length) return;
      const slot = this.#find(bytes, nameStart, nameLength);
      if (slot >= 0) this.#fill(slot, valueLength < 0 ? NULL : start, valueLength);
    }
  }

  #readHeaders(headers: readonly RecordHeader[]): void {
    this.#headers = headers;
    for (const { name, value } of headers) {
      if (this.seen >= MOST_HEADERS) return;
      const slot = this.#find(name, 0, name.length);
      if (slot >= 0) this.#fill(slot, value === null ? NULL : this.seen, 0);
      this.seen += 1;
    }
  }

  /** A zigzag variable-length integer of 32 bits; −1 for what is none. */
  #varint(bytes: Buffer): number {
    const first = bytes[this.#at] ?? 0xff;
    if (first < 0x80) {
      this.#at += 1;
      return (first & 1) === 0 ? first >> 1 : -((first + 1) >> 1);
    }
    let encoded = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[this.#at];
      if (byte === undefined) return -1;
      this.#at += 1;
      encoded += shift < 28 ? (byte & 0x7f) << shift : (byte & 0x7f) * 0x10000000;
      if (byte < 0x80) return encoded % 2 === 0 ? encoded / 2 : -(encoded + 1) / 2;
    }
    return -1;
  }

  #fill(slot: number, start: number, length: number): void {
    if (this.#starts[slot] === ABSENT) {
      this.#starts[slot] = start;
      this.#lengths[slot] = length;
      this.#filled[this.#fillings] = slot;
      this.#fillings += 1;
    } else if (!this.#isSame(slot, start, length)) this.#differing[slot] = true;
  }

  #isSame(slot: number, start: number, length: number): boolean {
    const first = this.#starts[slot] ?? ABSENT;
    if (first < 0 || start < 0) return first === start;
    if (this.#headers !== null) {
      const [one, other] = [this.#headers[first]?.value, this.#headers[start]?.value];
      return one !== undefined && one !== null && other !== undefined && other !== null && one.equals(other);
    }
    const end = first + (this.#lengths[slot] ?? 0);
    return this.#bytes.compare(this.#bytes, first, end, start, start + length) === 0;
  }

  #comparePrefixes(bytes: Buffer, start: number, length: number): void {
    for (let prefix = 0; prefix < this.#prefixes.length; prefix += 1) {
      const wanted = this.#prefixes[prefix];
      if (wanted !== undefined && wanted.length <= length && sameName(wanted, bytes, start)) this.#found[prefix] = true;
    }
  }

  /** The place of a name; −1 for one that no rule asks for. */
  #find(bytes: Buffer, start: number, length: number): number {
    if (length <= 0) return -1;
    if (this.#prefixStarts[(bytes[start] ?? 0) | CASE] === 1) this.#comparePrefixes(bytes, start, length);
    const known = this.#known.get(signOf(bytes, start, length));
    if (known === undefined) return -1;
    for (const { slot, bytes: wanted } of known) {
      if (wanted.length === length && sameName(wanted, bytes, start)) return slot;
    }
    return -1;
  }
}

const CASE = 0x20;

/** A small number by which nearly all names are told apart: length, first and last character without their case. */
function signOf(bytes: Buffer, start: number, length: number): number {
  const [first = 0, last = 0] = [bytes[start], bytes[start + length - 1]];
  return ((length & 0x3fff) << 16) | ((first | CASE) << 8) | (last | CASE);
}

function sameName(wanted: Buffer, bytes: Buffer, start: number): boolean {
  for (let place = 0; place < wanted.length; place += 1) {
    const byte = bytes[start + place] ?? 0;
    const low = byte >= 0x41 && byte <= 0x5a ? byte + CASE : byte;
    if (low !== wanted[place]) return false;
  }
  return true;
}
