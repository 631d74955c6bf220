/** Bytes that end before the protocol says they do, or name an impossible length. */
export class MalformedBytesError extends Error {
  readonly code = 'malformed_bytes';
}

/** Reads Kafka's protocol primitives in order. Every length is checked against what is left, so no byte is trusted. */
export class ByteReader {
  readonly bytes: Buffer;
  offset = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  int8(): number {
    return this.bytes.readInt8(this.take(1));
  }

  int16(): number {
    return this.bytes.readInt16BE(this.take(2));
  }

  int32(): number {
    return this.bytes.readInt32BE(this.take(4));
  }

  int64(): bigint {
    return this.bytes.readBigInt64BE(this.take(8));
  }

  /** A slice of the same memory, not a copy. */
  raw(length: number): Buffer {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Unsigned variable-length integer of at most 32 bits. */
  uvarint(): number {
    let value = 0;
    // Four bytes are 28 bits; the fifth may pass the 31 that a shift keeps positive.
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.bytes[this.take(1)] ?? 0;
      value += shift < 28 ? (byte & 0x7f) << shift : (byte & 0x7f) * 0x10000000;
      if (byte < 0x80) return value;
    }
    throw new MalformedBytesError('a variable-length integer has more than five bytes');
  }

  /** Signed (zigzag) variable-length integer of 32 bits. */
  varint(): number {
    const encoded = this.uvarint();
    return encoded % 2 === 0 ? encoded / 2 : -(encoded + 1) / 2;
  }

  /** Signed (zigzag) variable-length integer of 64 bits. */
  varlong(): bigint {
    const start = this.offset;
    let small = 0;
    for (let scale = 1; scale < 2 ** 42; scale *= 128) {
      const byte = this.bytes[this.take(1)] ?? 0;
      small += (byte & 0x7f) * scale;
      if (byte < 0x80) return BigInt(small % 2 === 0 ? small / 2 : -(small + 1) / 2);
    }
    this.offset = start;
    return this.wideVarlong();
  }

  private wideVarlong(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.take(1)] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
    }
    throw new MalformedBytesError('a variable-length integer has more than ten bytes');
  }

  /** Bytes behind a zigzag length; null for −1. */
  varintBytes(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.raw(length);
  }

  /** A string behind a 16-bit length (classic) or a compact length (flexible); null where the protocol allows it. */
  string(flexible = false): string | null {
    const length = flexible ? this.uvarint() - 1 : this.int16();
    return length < 0 ? null : this.raw(length).toString('utf8');
  }

  /** Bytes behind a 32-bit (classic) or a compact (flexible) length. */
  lengthBytes(flexible = false): Buffer | null {
    const length = flexible ? this.uvarint() - 1 : this.int32();
    return length < 0 ? null : this.raw(length);
  }

  array<T>(flexible: boolean, read: () => T): T[] {
    const length = flexible ? this.uvarint() - 1 : this.int32();
    // Every element takes at least a byte, so a length beyond that is a lie.
    if (length > this.remaining) throw new MalformedBytesError(`an array claims ${length} elements`);
    const items: T[] = [];
    for (let index = 0; index < length; index += 1) items.push(read());
    return items;
  }

  uuid(): string | null {
    const hex = this.raw(16).toString('hex');
    if (/^0+$/.test(hex)) return null;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** Passes the tagged fields that end every structure of a flexible version; `take` gets each, others are skipped. */
  tags(flexible: boolean, take?: (tag: number, bytes: Buffer) => void): void {
    if (!flexible) return;
    for (let count = this.uvarint(); count > 0; count -= 1) {
      const tag = this.uvarint();
      const bytes = this.raw(this.uvarint());
      take?.(tag, bytes);
    }
  }

  private take(length: number): number {
    const start = this.offset;
    if (length < 0 || start + length > this.bytes.length) throw new MalformedBytesError('the bytes end too early');
    this.offset = start + length;
    return start;
  }
}

/** Writes Kafka's protocol primitives. Each call appends and answers itself. */
export class ByteWriter {
  private readonly parts: Buffer[] = [];

  int8(value: number): this {
    return this.append(1, (part) => part.writeInt8(value));
  }

  int16(value: number): this {
    return this.append(2, (part) => part.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.append(4, (part) => part.writeInt32BE(value));
  }

  int64(value: bigint): this {
    return this.append(8, (part) => part.writeBigInt64BE(value));
  }

  uvarint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
    this.parts.push(Buffer.from([...bytes, rest]));
    return this;
  }

  string(text: string, flexible = false): this {
    const bytes = Buffer.from(text, 'utf8');
    if (flexible) this.uvarint(bytes.length + 1);
    else this.int16(bytes.length);
    this.parts.push(bytes);
    return this;
  }

  /** A string that may be null. */
  nullableString(text: string | null, flexible = false): this {
    if (text !== null) return this.string(text, flexible);
    return flexible ? this.uvarint(0) : this.int16(-1);
  }

  /** The null array, which asks for everything where the protocol allows it. */
  nullArray(flexible: boolean): this {
    return flexible ? this.uvarint(0) : this.int32(-1);
  }

  lengthBytes(bytes: Buffer): this {
    this.int32(bytes.length);
    this.parts.push(bytes);
    return this;
  }

  array<T>(items: readonly T[], flexible: boolean, write: (item: T) => void): this {
    if (flexible) this.uvarint(items.length + 1);
    else this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  /** A UUID text as 16 bytes; null is the zero UUID. */
  uuid(text: string | null): this {
    this.parts.push(text === null ? Buffer.alloc(16) : Buffer.from(text.replaceAll('-', ''), 'hex'));
    return this;
  }

  tags(flexible: boolean): this {
    return flexible ? this.uvarint(0) : this;
  }

  toBuffer(): Buffer {
    return Buffer.concat(this.parts);
  }

  private append(length: number, write: (part: Buffer) => void): this {
    const part = Buffer.alloc(length);
    write(part);
    this.parts.push(part);
    return this;
  }
}
